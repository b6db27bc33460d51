import {
  MAX_LISTED_FIELD_ERRORS,
  boundedFieldError,
  problemCodes,
  shortened,
  type FieldError,
  type GatewayProblem,
  type ProviderWords,
} from '@gateway/core';

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
  /** The first invalid fields: at most 100, and no more than the document has room for. */
  readonly errors?: readonly FieldError[];
  /** How many fields are invalid altogether. */
  readonly errorCount?: number;
  readonly provider?: { readonly name?: string; readonly code?: string; readonly message?: string };
}

export const problemType = (code: string): string => `urn:gateway:problem:${code}`;

/** A problem document is at most this long, whatever the request was: an answer must not be a multiple of it. */
export const MAX_DOCUMENT_BYTES = 64 * 1024;
/** One sentence; the caller's words in it are cut where they are quoted. */
const LONGEST_DETAIL = 1000;
/** The provider's own words, which may be a whole page of HTML. */
const LONGEST_WORDS = 1000;

/** @param maxBytes for several documents in one answer; at least one field error is listed in any case */
export function toProblemDocument(
  problem: GatewayProblem,
  requestId: string,
  maxBytes = MAX_DOCUMENT_BYTES,
): ProblemDocument {
  const { title } = problemCodes[problem.code];
  const { status, retryable, fieldErrors, provider } = problem;
  const document = {
    type: problemType(problem.code),
    title,
    status,
    detail: shortened(problem.detail, LONGEST_DETAIL),
    instance: requestId,
    code: problem.code,
    retryable,
    ...(provider && { provider: boundedWords(provider) }),
  };
  if (fieldErrors.length === 0) return document;
  const room = maxBytes - sizeOf(document) - sizeOf({ errors: [], errorCount: problem.errorCount });
  const { provider: words, ...head } = document;
  return {
    ...head,
    errors: whatFits(fieldErrors, room),
    errorCount: problem.errorCount,
    ...(words && { provider: words }),
  };
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The first errors, as many as there is room for. */
function whatFits(fieldErrors: readonly FieldError[], room: number): readonly FieldError[] {
  const errors = fieldErrors.slice(0, MAX_LISTED_FIELD_ERRORS).map(boundedFieldError);
  let left = room;
  const fitting = errors.findIndex((error) => (left -= sizeOf(error) + 1) < 0);
  return fitting < 0 ? errors : errors.slice(0, Math.max(1, fitting));
}

const boundedWords = (words: ProviderWords): ProviderWords =>
  words.message === undefined ? words : { ...words, message: shortened(words.message, LONGEST_WORDS) };

/** Headers of the answer: the problem's own, and `Retry-After` in whole seconds. */
export const problemHeaders = (problem: GatewayProblem): Readonly<Record<string, string>> => ({
  ...problem.headers,
  ...(problem.retryAfterSeconds !== undefined && {
    'retry-after': String(Math.max(1, Math.ceil(problem.retryAfterSeconds))),
  }),
});
