import { callApi } from '../client.js';
import { ENVELOPE, recipientJson } from '../recipients.js';
import type { Stage } from '../stage.js';

const PER_REQUEST = 1000;
const PER_STATEMENT = 50_000;

/** Single mails through NCP, by the api. */
export async function acceptMany(stage: Stage, count: number): Promise<void> {
  for (let i = 0; i < count; i += PER_REQUEST) {
    const messages = Array.from({ length: Math.min(PER_REQUEST, count - i) }, (_, j) => ({
      ...ENVELOPE,
      provider: 'ncp',
      recipients: [JSON.parse(recipientJson(i + j)) as object],
    }));
    await callApi(stage, 'POST', '/v1/messages/batch', { messages });
  }
}

/**
 * Single mails as the api leaves them for an account that is closed: queued, and without a job. Written by the database
 * itself, because the api would take minutes for a million. Both vendors have some, and of some the gateway chose.
 */
export async function fillWaiting(stage: Stage, count: number): Promise<void> {
  for (let i = 0; i < count; i += PER_STATEMENT) {
    await stage.db.query(FILL, [Math.min(PER_STATEMENT, count - i), i]);
  }
}

const FILL = `
WITH one AS MATERIALIZED (
  SELECT uuidv7() AS id, uuidv7() AS batch_id, uuidv7() AS event_id, $2::int + n AS n,
    CASE WHEN n % 10 = 0 THEN 'auto' ELSE 'ncp' END AS requested,
    clock_timestamp() AS at
  FROM generate_series(1, $1::int) AS n
), owner AS (
  SELECT id AS client_id FROM client ORDER BY id LIMIT 1
), m AS (
  INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, from_name, subject,
    html, variables, tags, on_quota, recipient_count, batch_count, counts, routing, warnings, attachment_ids, created_at)
  SELECT id, client_id, 'transactional', 'individual', requested, 'ncp', 'shop@shop.example.com', 'Shop', 'Order {{code}}',
    '<p>Hello {{name}}, your order {{code}} is on its way.</p>', '{}', '{}', 'defer', 1, 1, '{"queued": 1}',
    '{"provider": "ncp", "candidates": [], "failovers": []}', '{}', '{}', at
  FROM one, owner
), b AS (
  INSERT INTO batch (id, message_id, provider, category, status, position_from, position_to, recipient_count,
    follower_count, due_at, next_attempt_at, created_at)
  SELECT batch_id, id, 'ncp', 'transactional', 'queued', 0, 0, 1, 1, at, at, at FROM one
), r AS (
  INSERT INTO recipient (message_id, position, address, name, type, variables)
  SELECT id, 0, 'customer.' || n || '@example.com', 'Customer', 'to',
    json_build_object('name', 'Customer ' || n, 'code', '100000') FROM one
)
INSERT INTO event (id, client_id, message_id, type, data)
SELECT event_id, client_id, id, 'message.accepted', '{"provider": "ncp", "recipientCount": 1, "batchCount": 1}'
FROM one, owner ORDER BY n`;
