/** Finds requests to an endpoint ($1) that are due again, at most $2; those that someone asked for come first. */
export const FIND_DUE = `
  SELECT * FROM webhook_delivery
  WHERE endpoint_id = $1 AND status IN ('pending', 'failing') AND next_attempt_at <= now()
  ORDER BY next_attempt_at, id LIMIT $2`;

/** Finds the oldest request that waits for an endpoint ($1). */
export const FIND_OLDEST = `
  SELECT * FROM webhook_delivery WHERE endpoint_id = $1 AND status IN ('pending', 'failing') ORDER BY id LIMIT 1`;

/** Finds a request to try at a failing endpoint ($1): one that was asked for or is due, else any. */
export const FIND_PROBE = `
  SELECT * FROM webhook_delivery WHERE endpoint_id = $1 AND status IN ('pending', 'failing')
  ORDER BY status = 'pending' DESC, next_attempt_at <= now() DESC, random() LIMIT 1`;

/** Makes all waiting requests of an endpoint ($1) that answers again due, spread over some seconds. */
export const HASTEN = `
  UPDATE webhook_delivery SET next_attempt_at = least(next_attempt_at, now() + random() * interval '5 s')
  WHERE endpoint_id = $1 AND status = 'failing'`;

/** Gives up what waits for an endpoint ($1), because its owner goes on from a later place. */
export const GIVE_UP = `
  UPDATE webhook_delivery SET status = 'failed', next_attempt_at = NULL, finished_at = now()
  WHERE endpoint_id = $1 AND status IN ('pending', 'failing')`;

/** Has a request ($2) to an endpoint ($1) sent now; its schedule begins afresh. */
export const RETRY = `
  UPDATE webhook_delivery SET status = 'pending', next_attempt_at = now(), finished_at = NULL, tries = 0, refusals = 0
  WHERE endpoint_id = $1 AND id = $2`;

/** Has every request to an endpoint ($1) that failed sent again, as a replay. */
export const RETRY_FAILED = `
  UPDATE webhook_delivery SET status = 'pending', next_attempt_at = now(), finished_at = NULL, tries = 0, refusals = 0,
    replay = true
  WHERE endpoint_id = $1 AND status = 'failed'`;

/** Has a failing endpoint ($1) tried now. */
export const PROBE_NOW = 'UPDATE webhook_endpoint SET probe_at = now() WHERE id = $1 AND probe_at IS NOT NULL';

/** Counts requests to an endpoint ($1) that failed, and the events in them. */
export const COUNT_FAILED = `
  SELECT count(*)::int AS requests, coalesce(sum(cardinality(event_ids)), 0)::int AS events FROM webhook_delivery
  WHERE endpoint_id = $1 AND status = 'failed'`;

/** Counts the events in requests that wait for an endpoint ($1), and the seconds that the oldest has waited. */
export const COUNT_WAITING = `
  SELECT coalesce(sum(cardinality(event_ids)), 0)::int AS events,
    coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS seconds FROM webhook_delivery
  WHERE endpoint_id = $1 AND status IN ('pending', 'failing')`;

/** Deletes requests that ended before $1 (delivered) or $2 (failed), some thousands at a time. */
export const DELETE_OLD = `
  DELETE FROM webhook_delivery WHERE id IN (
    SELECT id FROM webhook_delivery
    WHERE finished_at < $1 AND (status = 'delivered' OR finished_at < $2) ORDER BY finished_at LIMIT 5000)`;

/** Deletes requests that ended, or that are about one event, whose message has been erased since. */
export const DELETE_ERASED = `
  DELETE FROM webhook_delivery d USING message m
  WHERE m.id = ANY (d.message_ids) AND m.erased_at IS NOT NULL
    AND (d.finished_at IS NOT NULL OR cardinality(d.event_ids) = 1)`;

/** Finds what filters of endpoints ask of messages. */
export const FIND_FACTS = `
  SELECT id, category, tags, provider, template_id AS "templateId", metadata FROM message WHERE id = ANY ($1)`;

/** Finds the accounts of batches. */
export const FIND_ACCOUNTS = 'SELECT id, provider FROM batch WHERE id = ANY ($1)';
