/** Time without a request after which a session has ended. */
const IDLE = `interval '8 hours'`;

/** Finds a session by the hash of its token ($1), with the hash of its key, which decides whether it still counts. */
export const FIND_SESSION = `
  SELECT id, key_hash AS "keyHash", created_at AS "createdAt", used_at + ${IDLE} AS "idleUntil",
    used_at < CURRENT_TIMESTAMP - interval '1 minute' AS "isStale"
  FROM console_session WHERE hash = $1 AND used_at > CURRENT_TIMESTAMP - ${IDLE}`;

/** Notes that a session was used: at most once a minute, so reading costs no write. */
export const TOUCH_SESSION = 'UPDATE console_session SET used_at = CURRENT_TIMESTAMP WHERE id = $1';

/** Stores a session and removes those that have ended, which keeps the table as small as the number of operators. */
export const INSERT_SESSION = `
  WITH ended AS (DELETE FROM console_session WHERE used_at <= CURRENT_TIMESTAMP - ${IDLE})
  INSERT INTO console_session (id, key_id, key_hash, hash) VALUES ($1, $2, $3, $4)
  RETURNING created_at AS "createdAt", used_at + ${IDLE} AS "idleUntil"`;

/** Ends the session of a token ($1). */
export const DELETE_SESSION = 'DELETE FROM console_session WHERE hash = $1';
