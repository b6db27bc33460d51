import type { FieldErrorCode } from '@gateway/core';

/** A fault that a schema's own check found, under one of the gateway's codes. */
export const issue = (code: FieldErrorCode, message: string, path: readonly PropertyKey[] = []) => ({
  code: 'custom' as const,
  message,
  params: { code },
  path: [...path],
});
