/** The columns of a copy `c`. */
const COLUMNS = `c.group_id AS "groupId", c.provider, c.client_id AS "clientId", c.remote_id AS "remoteId",
  c.remote_name AS "remoteName", c.group_name AS "groupName", c.address_count AS "addressCount",
  c.in_step AS "inStep", c.pushed_at AS "pushedAt", c.lease_token AS "leaseToken"`;

/** Unless somebody deleted the group meanwhile: then there is something to do. */
const NOT_WANTED = 'CASE WHEN EXISTS (SELECT FROM contact_group g WHERE g.id = $1) THEN NULL ELSE now() END';

/** Wants the copy of a group to be in step, and claims it unless another process holds it. */
export const TAKE = `
  INSERT INTO group_copy AS c (group_id, provider, client_id, wanted_at, lease_token, lease_until)
  VALUES ($1, $2, $3, now(), 1, now() + $4 * interval '1 ms')
  ON CONFLICT (group_id, provider) DO UPDATE
  SET wanted_at = now(), woken = false, lease_token = c.lease_token + 1, lease_until = excluded.lease_until
  WHERE c.lease_until IS NULL OR c.lease_until < now()
  RETURNING ${COLUMNS}`;

/** Claims the copy that has been wanted for longest and that no process holds. */
export const TAKE_WANTED = `
  WITH next AS (
    SELECT group_id, provider FROM group_copy
    WHERE wanted_at <= now() AND provider = ANY ($1) AND (lease_until IS NULL OR lease_until < now())
    ORDER BY wanted_at LIMIT 1 FOR UPDATE SKIP LOCKED
  )
  UPDATE group_copy c SET woken = false, lease_token = lease_token + 1, lease_until = now() + $2 * interval '1 ms'
  FROM next WHERE c.group_id = next.group_id AND c.provider = next.provider
  RETURNING ${COLUMNS}`;

/** Holds a copy for longer, while its lease token ($3) is the newest. */
export const RENEW = `
  UPDATE group_copy SET lease_until = now() + $4 * interval '1 ms', in_step = false
  WHERE group_id = $1 AND provider = $2 AND lease_token = $3`;

/**
 * Ends a push: the copy is in step, its addresses are counted and its lease is given back. It stays wanted if an erasure
 * has taken off an address since the push began: that one may be on the list by now.
 */
export const FINISH = `
  UPDATE group_copy c SET pushed_at = now(), wanted_at = CASE WHEN c.woken THEN now() ELSE ${NOT_WANTED} END,
    lease_until = NULL, in_step = NOT c.woken,
    address_count = (SELECT count(*) FROM group_copy_address a WHERE a.group_id = $1 AND a.provider = $2)
  WHERE group_id = $1 AND provider = $2 AND lease_token = $3
  RETURNING address_count AS "addressCount", pushed_at AS "pushedAt"`;

/** Gives the lease of a copy back; it is wanted again after $4 ms, or (NULL) no longer. */
export const RELEASE = `
  UPDATE group_copy SET lease_until = NULL, wanted_at = coalesce(now() + $4 * interval '1 ms', ${NOT_WANTED})
  WHERE group_id = $1 AND provider = $2 AND lease_token = $3`;

/** Finds groups of a client by name that were pushed to an account, or are being pushed: asked per message. */
export const FIND_PUSHED = `
  SELECT g.id, g.name FROM contact_group g JOIN group_copy c ON c.group_id = g.id AND c.provider = $1
  WHERE g.client_id = $2 AND g.name = ANY ($3) AND (c.pushed_at IS NOT NULL OR c.wanted_at IS NOT NULL)`;
