/** Locks messages in the order of their ids. */
export const LOCK_MESSAGES = `SELECT FROM message WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`;
