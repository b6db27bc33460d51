/** Time without a request after which a session has ended. */
const IDLE = `interval '8 hours'`;

/** Finds a session by the hash of its token ($1), with its key, whose hash decides whether the session still counts. */
export const FIND_SESSION = `
  SELECT s.id, s.key_hash AS "keyHash", s.created_at AS "createdAt", s.used_at + ${IDLE} AS "idleUntil",
    s.used_at < CURRENT_TIMESTAMP - interval '1 minute' AS "isStale", c.id AS "clientId", c.name AS "clientName",
    k.id AS "keyId", k.client_id AS "keyClientId", own.name AS "keyClient"
  FROM console_session s JOIN api_key k ON k.id = s.key_id JOIN client own ON own.id = k.client_id
    LEFT JOIN client c ON c.id = s.client_id
  WHERE s.hash = $1 AND s.used_at > CURRENT_TIMESTAMP - ${IDLE}`;

/** Notes that a session was used: at most once a minute, so reading costs no write. */
export const TOUCH_SESSION = 'UPDATE console_session SET used_at = CURRENT_TIMESTAMP WHERE id = $1';

/** Stores a session and removes those that have ended, which keeps the table as small as the number of operators. */
export const INSERT_SESSION = `
  WITH ended AS (DELETE FROM console_session WHERE used_at <= CURRENT_TIMESTAMP - ${IDLE})
  INSERT INTO console_session (id, key_id, key_hash, hash) VALUES ($1, $2, $3, $4)
  RETURNING created_at AS "createdAt", used_at + ${IDLE} AS "idleUntil"`;

/** Has a session ($1) look at the client of a name ($2). */
export const LOOK_AT_CLIENT =
  'UPDATE console_session s SET client_id = c.id FROM client c WHERE s.id = $1 AND c.name = $2';

/** Lists the names of clients, of which a company has tens. */
export const FIND_CLIENT_NAMES = 'SELECT name FROM client ORDER BY name LIMIT 1000';

/** Ends a session ($1). */
export const DELETE_SESSION = 'DELETE FROM console_session WHERE id = $1';
