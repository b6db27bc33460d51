const UNIQUE_VIOLATION = '23505';

/** Did this fail because the value of a unique index is taken? */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
