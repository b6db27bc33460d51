import { recipientColumns } from '../rows.js';

/** Batches of fewer recipients than this are read together. */
export const FEW_FOLLOWERS = 100;

/** Finds the content that every batch of these messages carries. */
export const FIND_CONTENTS = `
  SELECT id, client_id AS "clientId", category, delivery, from_address AS "fromAddress",
    from_name AS "fromName", subject, html, text, variables, headers, attachment_ids AS "attachmentIds",
    provider_template_id AS "providerTemplateId", audience, created_at AS "createdAt",
    requested_provider AS "requestedProvider", on_quota AS "onQuota", allow_split AS "allowSplit", routing,
    content_key AS "contentKey"
  FROM message WHERE id = ANY ($1)`;

/** Finds the recipients in a range of positions that still follow their batch. */
export const FIND_FOLLOWERS = `
  SELECT ${recipientColumns('r')} FROM recipient r
  WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NULL ORDER BY position`;

/** Finds the same of several ranges. The limit makes it look up each by the key, whatever the planner believes. */
export const FIND_FEW_FOLLOWERS = `
  SELECT b.nth::int, r.* FROM unnest($1::uuid[], $2::int[], $3::int[]) WITH ORDINALITY AS b (id, first, last, nth)
  CROSS JOIN LATERAL (
    SELECT ${recipientColumns('f')} FROM recipient f
    WHERE message_id = b.id AND position BETWEEN b.first AND b.last AND status IS NULL
    ORDER BY position LIMIT ${FEW_FOLLOWERS}
  ) AS r ORDER BY b.nth, r.position`;

/** Finds the first recipient in a range that still follows its batch. */
export const FIND_FIRST_FOLLOWER = `
  SELECT ${recipientColumns('r')} FROM recipient r
  WHERE message_id = $1 AND position BETWEEN $2 AND $3 AND status IS NULL ORDER BY position LIMIT 1`;
