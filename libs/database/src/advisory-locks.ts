/**
 * Every advisory lock of the gateway, by what it protects. PostgreSQL knows them by number only, and the numbers of one
 * database are shared by all programs that use it.
 *
 * A lock with a key (`keyLock`) is a 64-bit hash of the key, seeded with the number: equal keys of different locks never
 * meet. A lock without a key is the number itself. No two entries may have the same number.
 */
export const advisoryLocks = {
  /** Key: client and Idempotency-Key. Held while the first request runs. */
  idempotencyKey: 7,
  /** Key: client. The tree of template categories is changed by one transaction at a time. */
  templateTree: 11,
  /** Key: the first message. Redrives of a message and of its redrives take turns. */
  redrives: 12,
  /** Key: client. Imports of contacts and of their groups take turns. */
  contactImport: 13,
  /** First and last admin keys are replaced and revoked by one transaction at a time. */
  adminKeys: 14,
  /**
   * Held, shared, from before an event gets its position until it is committed. Taken by the function
   * `next_event_position`; readers look who holds it, and do not take it.
   */
  log: 15,
  /** The routes are changed by one transaction at a time: a caller's change and a guard's never build on one version. */
  routes: 16,
  /** One process rolls up the statistics. Taken by the function `roll_up_statistics`. */
  statistics: 7305,
  /** One process erases what is past its retention period. */
  retention: 7306,
  /** Migrations of several starting processes wait for each other. Held by a session, not by a transaction. */
  migration: 7_236_511_804,
} as const;

export type AdvisoryLock = keyof typeof advisoryLocks;

/** The 64-bit number of a lock with a key, as SQL. @param key SQL of type text. */
export const keyLock = (lock: AdvisoryLock, key: string): string => `hashtextextended(${key}, ${advisoryLocks[lock]})`;
