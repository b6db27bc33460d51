import { pageOf } from '../columns.js';

/**
 * Queued at an account that sends nothing now. Such a batch is not written to (law 12), so what its recipients show is
 * derived when they are read. @param sending a parameter: accounts that send, or null to take what is written.
 */
const isStopped = (sending: string): string =>
  `coalesce(r.status IS NULL AND b.status = 'queued' AND b.provider <> ALL (${sending}::text[]), false)`;

const statusOf = (sending: string): string =>
  `CASE WHEN ${isStopped(sending)} THEN 'deferred' ELSE coalesce(r.status, inherited_status(b.status)) END`;

/** The status of recipients of a batch that have none of their own. */
const inheritedOf = (sending: string): string =>
  `CASE WHEN coalesce(b.status = 'queued' AND b.provider <> ALL (${sending}::text[]), false) THEN 'deferred'
     ELSE inherited_status(b.status) END`;

const columnsWith = (sending: string): string => `
  r.message_id AS "messageId", r.position, r.address, r.name, r.type,
  ${statusOf(sending)} AS status, ${isStopped(sending)} AS stopped,
  coalesce(r.reason, CASE WHEN r.status IS NULL THEN b.reason END) AS reason, r.bounce_type AS "bounceType",
  b.provider, b.provider_request_id AS "requestId", r.mail_id AS "mailId",
  CASE WHEN r.status IS NULL THEN b.provider_code ELSE r.provider_code END AS "providerCode",
  CASE WHEN r.status IS NULL THEN b.provider_message ELSE r.provider_message END AS "providerMessage",
  coalesce(r.updated_at, b.submitted_at, b.created_at) AS "updatedAt",
  r.delivered_at AS "deliveredAt", r.opened_at AS "openedAt"`;

/**
 * The batch that a recipient belongs to, found by its position; batches that were planned again do not count. A
 * recipient that was rejected while an audience was expanded belongs to none.
 */
const JOIN_BATCH = `
  LEFT JOIN LATERAL (
    SELECT * FROM batch
    WHERE message_id = r.message_id AND position_from <= r.position AND status <> 'replanned'
    ORDER BY position_from DESC LIMIT 1
  ) b ON b.position_to >= r.position`;

const OF_CLIENT = `EXISTS (SELECT FROM message WHERE id = $1 AND client_id = $6 AND erased_at IS NULL)`;

const inMessage = (address: string): string =>
  pageOf(
    `SELECT ${columnsWith('$7')} FROM recipient r ${JOIN_BATCH}
     WHERE r.message_id = $1 AND r.position > $2 AND ${OF_CLIENT}
       AND ($3::recipient_status IS NULL OR ${statusOf('$7')} = $3)
       AND ${address}
     ORDER BY r.position`,
    '$5',
  );

/** Finds a page of the recipients of a message: dashboards ask for it all the time. */
export const FIND_BY_MESSAGE = inMessage('$4::text IS NULL');

/** Finds the recipients of a message that have an address ($4). */
export const FIND_ADDRESS_IN_MESSAGE = inMessage('lower(r.address) = lower($4)');

/**
 * Finds the recipients of a message that have a status ($3). Only batches whose counts have that status are read: of
 * five million recipients, perhaps none has bounced. Recipients in no batch come last, and are rejected.
 */
export const FIND_BY_STATUS = `
  SELECT * FROM (
    (
      SELECT ${columnsWith('$7')}
      FROM (
        SELECT * FROM batch AS b
        WHERE message_id = $1 AND position_to > $2 AND status <> 'replanned' AND $4::text IS NULL AND ${OF_CLIENT}
          AND (count_of(counts, $3::text) > 0 OR follower_count > 0 AND ${inheritedOf('$7')} = $3::text::recipient_status)
        ORDER BY position_from
      ) AS b
      CROSS JOIN LATERAL (
        SELECT * FROM recipient AS r
        WHERE message_id = $1 AND position BETWEEN greatest(b.position_from, $2 + 1) AND b.position_to
          AND coalesce(status, ${inheritedOf('$7')}) = $3::text::recipient_status
        ORDER BY position LIMIT $5
      ) AS r
      ORDER BY b.position_from, r.position LIMIT $5
    )
    UNION ALL
    (
      SELECT ${columnsWith('$7')} FROM recipient r ${JOIN_BATCH}
      WHERE $3::text = 'rejected' AND r.message_id = $1 AND r.status = 'rejected' AND b.id IS NULL AND ${OF_CLIENT}
        AND r.position > greatest($2, (SELECT coalesce(max(position_to), -1) FROM batch WHERE message_id = $1))
      ORDER BY r.position LIMIT $5
    )
  ) AS page ORDER BY position LIMIT $5`;

/** Finds a page of everything that a client has sent to an address, newest message first. */
export const FIND_BY_ADDRESS = `
  SELECT ${columnsWith('$6')}
  FROM recipient r
  -- The limit has it begin with the address, whatever the planner believes: a client has many messages.
  CROSS JOIN LATERAL (
    SELECT FROM message WHERE id = r.message_id AND client_id = $1 AND erased_at IS NULL LIMIT 1
  ) AS m
  ${JOIN_BATCH}
  WHERE lower(r.address) = lower($2) AND (r.message_id, r.position) < ($3, $4)
  -- The sum keeps it from reading all recipients in the order of their key, where few were there when it planned.
  ORDER BY r.message_id DESC, r.position + 0 DESC LIMIT $5`;

/** Finds the values of one recipient. */
export const FIND_VARIABLES = `
  SELECT r.position, r.variables, m.category, m.content_key AS "contentKey"
  FROM recipient r JOIN message m ON m.id = r.message_id WHERE r.message_id = $1 AND r.position = $2`;
