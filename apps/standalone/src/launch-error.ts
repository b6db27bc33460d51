import { redactSecrets } from '@gateway/platform';

/** The gateway cannot start, for a reason outside of it. One line for the operator, without credentials. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';

  constructor(what: string, cause?: unknown) {
    super(cause === undefined ? what : `${what}: ${redactSecrets(reasonOf(cause))}`, { cause });
  }
}

// A refused connection to several addresses is an AggregateError with an empty message.
const reasonOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  const code = (cause as NodeJS.ErrnoException).code;
  return (cause.message || code) ?? cause.name;
};
