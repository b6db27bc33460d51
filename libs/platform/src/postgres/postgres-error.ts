/** PostgreSQL cannot run, or cannot be used as it is. The message is one line for an operator: what is wrong and what to do. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
}
