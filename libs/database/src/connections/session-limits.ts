/** Limits on how long one session may block others, in milliseconds. 0: the server's or the role's setting applies. */
export interface SessionLimits {
  /** One statement. COPY of an upload has none: the api ends an uploader that is too slow. */
  readonly statementMs: number;
  /** Waiting for one lock. */
  readonly lockMs: number;
  /** Between two statements of a transaction: a process that hangs must not keep its locks. */
  readonly idleInTransactionMs: number;
}

/** For tests and tools, which are not configured. */
export const USUAL_LIMITS: SessionLimits = { statementMs: 600_000, lockMs: 60_000, idleInTransactionMs: 300_000 };

/**
 * For a statement by statement set-up of a connection: as start-up options they would be refused by a pooler, and
 * overruled by options in the URL.
 */
export const limitStatements = ({ statementMs, lockMs, idleInTransactionMs }: SessionLimits): string =>
  Object.entries({
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  })
    .filter(([, ms]) => ms > 0)
    .map(([name, ms]) => `SET ${name} = ${ms};`)
    .join(' ');
