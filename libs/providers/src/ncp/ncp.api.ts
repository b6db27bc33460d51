import { ProviderUnavailableError } from '@gateway/core';
import type { HttpClient, HttpRequest, HttpResponse } from '@gateway/platform';
import type { z } from 'zod';
import { readJson, redactor, retryAfterMs, wordsOf, type Reading } from '../shared/answer.js';
import { clockHint, queryText, signedHeaders, type Query } from '../shared/apigw-signature.js';
import { ask } from '../shared/exchange.js';
import type { ProviderDeps } from '../define-provider.js';
import type { NcpSettings } from './ncp.config.js';
import { NCP, readError } from './ncp.errors.js';

/** Signed requests to NCP and its answers to questions. */
export interface NcpApi extends Reading {
  readonly http: HttpClient;
  /** The largest page that NCP was seen to give; a mere shortcut, each process finds out by itself. */
  readonly paging: { largest: number };
  /** A signed request; `path` follows the base URL. */
  signed(method: HttpRequest['method'], path: string): Pick<HttpRequest, 'method' | 'path' | 'headers'>;
  /**
   * Asks a question.
   * @throws ProviderUnavailableError unless the answer is 200 and of the expected shape.
   */
  get<T extends z.ZodType>(path: string, query: Query, schema: T, signal: AbortSignal): Promise<z.output<T>>;
}

export function createNcpApi(
  settings: NcpSettings,
  http: HttpClient,
  { account = NCP, clock }: Pick<ProviderDeps, 'account' | 'clock'>,
): NcpApi {
  const prefix = new URL(settings.baseUrl).pathname.replace(/\/+$/, '');
  const redact = redactor([settings.accessKey, settings.secretKey]);
  const signed: NcpApi['signed'] = (method, path) => {
    const whole = prefix + path;
    return { method, path: whole, headers: signedHeaders(settings, method, whole, clock.now()) };
  };
  const reading = { account, redact, clock };
  return {
    http,
    ...reading,
    paging: { largest: Infinity },
    signed,
    get: async (path, query, schema, signal) => {
      const answer = await ask(http, { ...signed('GET', path + queryText(query)), signal }, account);
      const parsed = answer.status === 200 ? schema.safeParse(readJson(answer.body)) : undefined;
      if (parsed?.success === true) return parsed.data;
      throw unavailable(answer, reading);
    },
  };
}

function unavailable(answer: HttpResponse, { account, redact, clock }: Reading): ProviderUnavailableError {
  const now = clock.now();
  const error = readError(answer, redact);
  const hint = answer.status === 401 ? clockHint(answer, now) : undefined;
  const message = [error.message, hint].filter((part) => part !== undefined).join('; ') || undefined;
  const text = answer.status === 200 ? 'the answer cannot be understood' : `the answer is HTTP ${answer.status}`;
  return new ProviderUnavailableError(
    text,
    wordsOf(account, { code: error.code, message, httpStatus: answer.status }),
    retryAfterMs(answer.headers, now),
  );
}
