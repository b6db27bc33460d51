import { ProviderRefusedError, ProviderUnavailableError } from '@gateway/core';
import type { HttpRequest, HttpResponse } from '@gateway/platform';
import type { z } from 'zod';
import { readJson, retryAfterMs, wordsOf } from '../../shared/answer.js';
import { ask } from '../../shared/exchange.js';
import type { V1Api } from './api.js';
import { noAnswer } from '../signed-api.js';
import { wordsAbout } from '../verdict.js';
import { readError, verdictOf } from './errors.js';

export interface ManagementCall {
  readonly method: HttpRequest['method'];
  readonly path: string;
  /** JSON, unless a type is given. */
  readonly body?: object | Buffer;
  readonly contentType?: string;
}

/**
 * A call that changes or reads what NCP keeps.
 * @throws ProviderRefusedError for what the documents define as a no, ProviderUnavailableError for everything else.
 */
export async function manage<T extends z.ZodType>(
  api: V1Api,
  call: ManagementCall,
  schema: T,
  signal: AbortSignal,
): Promise<z.output<T>> {
  const answer = await manageRaw(api, call, signal);
  const parsed = schema.safeParse(readJson(answer.body));
  if (parsed.success) return parsed.data;
  const words = wordsOf(api.account, { httpStatus: answer.status });
  throw new ProviderUnavailableError('the answer cannot be understood', words);
}

/** The same for an answer that is no JSON. */
export async function manageRaw(api: V1Api, call: ManagementCall, signal: AbortSignal): Promise<HttpResponse> {
  const { method, path, body, contentType = 'application/json' } = call;
  const request = api.signed(method, path);
  const content = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const headers = { ...request.headers, ...(content !== undefined && { 'content-type': contentType }) };
  const whole = { ...request, headers, signal, ...(content !== undefined && { body: content }) };
  const answer = await ask(api.http, whole, api.account);
  if (answer.status === 200 || answer.status === 201) return answer;
  throw noOf(answer, api);
}

const NOT_FOUND = '77103';

function noOf(answer: HttpResponse, api: V1Api): Error {
  const error = readError(answer, api.redact);
  const verdict = verdictOf(answer.status, error);
  if (verdict === undefined || verdict.scope === 'moment') {
    return noAnswer(answer, error, { reading: api, pause: retryAfterMs(answer.headers, api.clock.now()) });
  }
  const words = wordsAbout(answer, error, api);
  return new ProviderRefusedError(words.message ?? `HTTP ${answer.status}`, words, why(answer.status, error.code));
}

/** 2026-11, §0: how v1 will answer after its end is not documented; a gateway without the route says 404/300 (§1.6). */
function why(status: number, code: string | undefined): 'not_found' | 'retired' | undefined {
  if (status === 410 || (status === 404 && code === '300')) return 'retired';
  return code === NOT_FOUND ? 'not_found' : undefined;
}
