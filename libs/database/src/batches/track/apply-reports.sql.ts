/** Reports of many batches, written to their recipients: forward only, and back comes what changed. */
export const APPLY_REPORTS = `
-- Of the batches, one element each of the first arrays; "nth" says of which one a report is. No join: the planner would
-- believe that nothing comes out of it, and compare each with each from there on.
WITH report AS (
  SELECT DISTINCT ON (nth, address) *, ($1::uuid[])[nth] AS message_id, ($4::int[])[nth] AS position_from,
    ($5::int[])[nth] AS position_to, ($6::batch_status[])[nth] AS batch_status
  FROM unnest($7::int[], $8::text[], $9::recipient_status[], $10::text[], $11::text[], $12::text[], $13::text[],
    $14::text[], $15::timestamptz[], $16::timestamptz[])
    AS t (nth, address, status, reason, bounce_type, mail_id, code, message, delivered_at, opened_at)
  ORDER BY nth, address, recipient_rank(status) DESC NULLS LAST
), target AS (
  SELECT r.position, r.status IS NULL AS followed, coalesce(r.status, inherited_status(report.batch_status)) AS before,
    r.opened_at IS NULL AND report.opened_at IS NOT NULL AS opened, report.*
  FROM report
  -- One look-up by address for each, whatever the planner believes: joined otherwise, every page of a large message
  -- would read the whole message. A message has an address once.
  CROSS JOIN LATERAL (
    SELECT position, status, opened_at FROM recipient
    WHERE message_id = report.message_id AND lower(address) = report.address LIMIT 4 FOR UPDATE
  ) AS r
  WHERE r.position BETWEEN report.position_from AND report.position_to
), news AS (
  SELECT *, coalesce(may_advance(before, status), false) AS advances FROM target
)
UPDATE recipient r
SET status = CASE WHEN news.advances THEN news.status ELSE r.status END,
  reason = CASE WHEN news.advances THEN news.reason ELSE r.reason END,
  bounce_type = CASE WHEN news.advances THEN news.bounce_type ELSE r.bounce_type END,
  mail_id = coalesce(news.mail_id, r.mail_id),
  provider_code = CASE WHEN news.advances THEN news.code ELSE r.provider_code END,
  provider_message = CASE WHEN news.advances THEN news.message ELSE r.provider_message END,
  delivered_at = CASE WHEN news.advances AND news.status = 'delivered' THEN coalesce(news.delivered_at, now())
                      ELSE r.delivered_at END,
  opened_at = coalesce(r.opened_at, news.opened_at),
  updated_at = now()
FROM news
WHERE r.message_id = news.message_id AND r.position = news.position AND (news.advances OR news.opened)
  -- Says the same once more, in a form that is only ever looked up by the key, in the partitions that have it.
  AND r.message_id = ANY ($1) AND r.message_id BETWEEN $2 AND $3
  AND r.position = ANY (ARRAY(SELECT position FROM news WHERE advances OR opened))
RETURNING news.nth::int, r.position, news.before, coalesce(r.status, news.before) AS after, news.opened, r.reason,
  r.bounce_type AS "bounceType",
  r.provider_code AS code, r.provider_message AS message,
  news.followed AND r.status IS NOT NULL AS followed`;
