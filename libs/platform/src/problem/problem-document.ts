import { MAX_LISTED_FIELD_ERRORS, problemCodes, type FieldError, type GatewayProblem } from '@gateway/core';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** An RFC 9457 problem document as callers get it. */
export interface ProblemDocument {
  /** Stable URI of the kind of problem; one per `code`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The request id. */
  readonly instance: string;
  readonly code: string;
  readonly retryable: boolean;
  /** The first 100 invalid fields. */
  readonly errors?: readonly FieldError[];
  /** How many fields are invalid altogether. */
  readonly errorCount?: number;
  readonly provider?: { readonly name?: string; readonly code?: string; readonly message?: string };
}

export const problemType = (code: string): string => `urn:gateway:problem:${code}`;

export const toProblemDocument = (problem: GatewayProblem, requestId: string): ProblemDocument => {
  const { title } = problemCodes[problem.code];
  const { status, retryable, fieldErrors, provider } = problem;
  return {
    type: problemType(problem.code),
    title,
    status,
    detail: problem.detail,
    instance: requestId,
    code: problem.code,
    retryable,
    ...(fieldErrors.length > 0 && {
      errors: fieldErrors.slice(0, MAX_LISTED_FIELD_ERRORS),
      errorCount: problem.errorCount,
    }),
    ...(provider && { provider }),
  };
};

/** Headers of the answer: the problem's own, and `Retry-After` in whole seconds. */
export const problemHeaders = (problem: GatewayProblem): Readonly<Record<string, string>> => ({
  ...problem.headers,
  ...(problem.retryAfterSeconds !== undefined && {
    'retry-after': String(Math.max(1, Math.ceil(problem.retryAfterSeconds))),
  }),
});
