import { HttpException } from '@nestjs/common';
import { GatewayProblem, type ProblemCode } from '@gateway/core';

const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed_json',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'unsupported_media_type',
  413: 'body_too_large',
  414: 'malformed_json',
  415: 'unsupported_media_type',
  422: 'validation_failed',
  429: 'rate_limited',
  431: 'malformed_json',
  503: 'overloaded',
};

/** Words for what Fastify found, by its error code; its own messages may quote the request. */
const fastifyWords: Readonly<Record<string, string>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty, but its content type is JSON.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than this route takes.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'This route does not take the content type of the request.',
  FST_ERR_MAX_PARAM_LENGTH: 'A part of the path is too long.',
};

const defaultWords: Readonly<Partial<Record<ProblemCode, string>>> = {
  malformed_json: 'The request is malformed.',
  not_found: 'There is nothing at this path.',
  overloaded: 'The gateway is busy or about to stop. Try again shortly.',
  internal_error: 'Something failed inside the gateway. Quote the request id to its operators.',
};

/**
 * Turns anything thrown into a problem. An unknown error becomes `internal_error` with a fixed text and the original as
 * `cause`: no internal message, stack or query reaches a caller.
 */
export const toProblem = (error: unknown): GatewayProblem => {
  if (error instanceof GatewayProblem) return error;
  // A path that cannot be decoded has no resource.
  if (fastifyCode(error) === 'FST_ERR_BAD_URL')
    return new GatewayProblem('not_found', 'There is nothing at this path.', { cause: error });
  const status = clientStatus(error);
  const code = status === undefined ? undefined : byStatus[status];
  if (code === undefined) return internalError(error);
  return new GatewayProblem(code, wordsFor(error, code), {
    cause: error,
    ...(status === 503 && { retryAfterSeconds: 1 }),
  });
};

export const internalError = (cause: unknown): GatewayProblem =>
  new GatewayProblem('internal_error', defaultWords.internal_error ?? '', { cause });

const clientStatus = (error: unknown): number | undefined => {
  if (error instanceof SyntaxError && 'statusCode' in error) return Number(error.statusCode);
  if (error instanceof HttpException) return error.getStatus();
  if (fastifyCode(error) !== undefined) return Number((error as { statusCode?: number }).statusCode);
  return undefined;
};

const fastifyCode = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && error.code.startsWith('FST_') ? error.code : undefined;
};

const wordsFor = (error: unknown, code: ProblemCode): string => {
  const cause = error instanceof HttpException ? error.cause : error;
  const fastify = fastifyCode(cause) ?? fastifyCode(error);
  return (
    (fastify && fastifyWords[fastify]) ?? nestWords(error) ?? defaultWords[code] ?? `${code.replaceAll('_', ' ')}.`
  );
};

// The text of our own `new ForbiddenException('…')` is meant for callers. Texts that a library caused are not, nor is
// Nest's "Cannot GET /path", which quotes the path.
const nestWords = (error: unknown): string | undefined => {
  if (!(error instanceof HttpException) || error.cause !== undefined || error.getStatus() === 404) return undefined;
  return error.getStatus() === 400 ? undefined : error.message;
};
