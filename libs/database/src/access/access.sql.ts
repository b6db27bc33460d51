import { advisoryLocks } from '../advisory-locks.js';

/** Finds the owners of keys by their hashes ($1): asked for every request whose key is not known yet. */
export const FIND_OWNERS = `
  SELECT k.hash, k.id AS "keyId", k.client_id AS "clientId", c.name AS "clientName", k.scopes
  FROM api_key k JOIN client c ON c.id = k.client_id WHERE k.hash = ANY ($1) AND k.revoked_at IS NULL`;

/** Waits for the turn to replace or revoke admin keys, until the transaction ends. */
export const LOCK_ADMIN_KEYS = `SELECT pg_advisory_xact_lock(${advisoryLocks.adminKeys})`;
