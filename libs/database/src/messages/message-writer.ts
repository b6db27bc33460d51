import { keyLock } from '../advisory-locks.js';
import type { Queryable } from '../database.js';
import { keptJson, messageJson, recipientJson } from './message-json.js';
import type { MessageRows } from './new-message.js';

// Rows travel as JSON: one parameter a table, however many rows, and one plan for all numbers of them.
// A key that another transaction holds is not waited for: that request is running, or was answered before this statement
// could see it. ON CONFLICT sees what was committed meanwhile.
const INSERT_MESSAGES = `
WITH asked AS MATERIALIZED (
  SELECT k.*, pg_try_advisory_xact_lock(${keyLock('idempotencyKey', "k.client_id::text || ':' || k.key")}) AS free
  FROM json_to_recordset($5) AS k (message_id uuid, client_id uuid, key text, request_hash text, status integer,
    headers json, response text)
), new_key AS (
  INSERT INTO idempotency_key (client_id, key, request_hash, status, headers, response)
  SELECT client_id, key, decode(request_hash, 'hex'), status, headers, convert_to(response, 'UTF8') FROM asked WHERE free
  ON CONFLICT (client_id, key) DO NOTHING RETURNING client_id, key
), left_out AS MATERIALIZED (
  SELECT message_id FROM asked a
  WHERE NOT EXISTS (SELECT FROM new_key n WHERE n.client_id = a.client_id AND n.key = a.key)
), given AS (
  SELECT * FROM json_to_recordset($1) AS m (id uuid, client_id uuid, category category, delivery delivery,
    requested_provider text, provider text, from_address text, from_name text, subject text, html text, text text,
    variables json, headers json, metadata jsonb, tags text[], on_quota text, allow_split boolean, send_at timestamptz,
    recipient_count integer, batch_count integer, counts jsonb, routing json, warnings text[], request_id text,
    created_at timestamptz, attachment_ids uuid[], template_id uuid, template_version integer, provider_template_id text,
    audience json, redrive_of uuid, expansion message_status, expand_at timestamptz, status batch_status,
    enqueued_at timestamptz, of_list boolean, created_by uuid, held_by uuid, watched_route_id uuid, content_key text)
  WHERE id NOT IN (SELECT message_id FROM left_out)
), new_message AS (
  INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, from_name,
    subject, html, text, variables, headers, metadata, tags, on_quota, allow_split, send_at, recipient_count,
    batch_count, counts, routing, warnings, request_id, created_at, attachment_ids, template_id, template_version,
    provider_template_id, audience, redrive_of, created_by, held_by, watched_route_id, content_key, expansion, expand_at)
  SELECT id, client_id, category, delivery, requested_provider, provider, from_address, from_name,
    subject, html, text, variables, headers, metadata, tags, on_quota, allow_split, send_at, recipient_count,
    batch_count, counts, routing, warnings, request_id, created_at, attachment_ids, template_id, template_version,
    provider_template_id, audience, redrive_of, created_by, held_by, watched_route_id, content_key, expansion,
    CASE WHEN send_at IS NULL AND expand_at > now() THEN now() ELSE expand_at END
  FROM given
), new_batch AS (
  INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
    follower_count, due_at, next_attempt_at, enqueued_at, created_at, of_list)
  SELECT b.id, m.id, m.provider, m.category, m.status, b.first, b.last, b.last - b.first + 1, b.last - b.first + 1,
    -- A mail without a time is due now, and has a job now, even if the writer's clock is wrong.
    coalesce(m.send_at, least(m.created_at, now())), coalesce(m.send_at, least(m.created_at, now())),
    CASE WHEN m.enqueued_at > now() THEN now() ELSE m.enqueued_at END, m.created_at, m.of_list
  FROM json_to_recordset($2) AS b (id uuid, message_id uuid, first integer, last integer)
  JOIN given m ON m.id = b.message_id
), new_recipient AS (
  INSERT INTO recipient (message_id, position, address, name, type, variables)
  SELECT message_id, position, address, name, type, variables
  FROM json_to_recordset($3) AS r (message_id uuid, position integer, address text, name text, type recipient_type,
    variables json)
  WHERE message_id NOT IN (SELECT message_id FROM left_out)
), new_event AS (
  INSERT INTO event (id, client_id, message_id, type, data, at)
  SELECT e.id, m.client_id, m.id, e.type, e.data, m.created_at
  FROM ROWS FROM (json_to_recordset($4) AS (id uuid, message_id uuid, type text, data json))
    WITH ORDINALITY AS e (id, message_id, type, data, nth)
  JOIN given m ON m.id = e.message_id ORDER BY e.nth
)
SELECT message_id AS id FROM left_out`;

/**
 * Writes messages with their batches, first events and kept answers in one statement, whole or not at all.
 * @returns the ids of those that were left out, because another request with their Idempotency-Key came first. It has
 * been answered, or is running still.
 */
export async function insertMessages(client: Queryable, rows: readonly MessageRows[]): Promise<ReadonlySet<string>> {
  const [first, repeated] = firstOfEachKey(rows);
  const of = <T, R extends object>(
    pick: (row: MessageRows) => readonly T[],
    toJson: (entry: T, row: MessageRows) => R,
  ): string =>
    JSON.stringify(
      first.flatMap((row) => pick(row).map((entry) => ({ message_id: row.message.id, ...toJson(entry, row) }))),
    );
  const { rows: leftOut } = await client.query<{ id: string }>({
    name: 'insert-messages',
    text: INSERT_MESSAGES,
    values: [
      JSON.stringify(first.map(messageJson)),
      of(
        ({ batches }) => batches,
        ({ id, positionFrom, positionTo }) => ({ id, first: positionFrom, last: positionTo }),
      ),
      of(({ recipients }) => recipients, recipientJson),
      of(
        ({ events }) => events,
        ({ id, type, data }) => ({ id, type, data }),
      ),
      JSON.stringify(first.flatMap(({ message, kept }) => (kept === undefined ? [] : keptJson(message, kept)))),
    ],
  });
  return new Set([...leftOut.map(({ id }) => id), ...repeated.map(({ message }) => message.id)]);
}

/** @returns the rows to write, and those whose key is that of an earlier row. */
function firstOfEachKey(rows: readonly MessageRows[]): readonly [readonly MessageRows[], readonly MessageRows[]] {
  const keys = new Set<string>();
  const isFirst = ({ message, kept }: MessageRows): boolean => {
    if (kept === undefined) return true;
    const [before, key] = [keys.size, `${message.clientId}:${kept.key}`];
    return keys.add(key).size > before;
  };
  const { first = [], repeated = [] } = Object.groupBy(rows, (row) => (isFirst(row) ? 'first' : 'repeated'));
  return [first, repeated];
}
