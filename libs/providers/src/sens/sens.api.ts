import { ProviderUnavailableError } from '@gateway/core';
import type { HttpClient, HttpRequest, HttpResponse } from '@gateway/platform';
import type { z } from 'zod';
import type { ProviderDeps } from '../define-provider.js';
import { readJson, redactor, type Reading } from '../shared/answer.js';
import { queryText, signedHeaders, type Query } from '../shared/apigw-signature.js';
import { ask } from '../shared/exchange.js';
import type { SensSettings } from './sens.config.js';
import { errorWords, readError, SENS } from './sens.errors.js';
import { pauseMs } from './sens.pause.js';

/** A usable answer, and the pause that it asks for. */
export interface Answered<T> {
  readonly data: T;
  readonly pauseMs?: number;
}

/** Signed requests to SENS and its answers to questions. */
export interface SensApi extends Reading {
  readonly http: HttpClient;
  /** A signed request; `path` follows the base URL. */
  signed(method: HttpRequest['method'], path: string): Pick<HttpRequest, 'method' | 'path' | 'headers'>;
  /** The path of the mail service's requests, or of what is below one. */
  requestsPath(...below: readonly string[]): string;
  /**
   * Asks a question.
   * @throws ProviderUnavailableError unless the answer is 200 and of the expected shape.
   */
  get<T extends z.ZodType>(path: string, query: Query, schema: T, signal: AbortSignal): Promise<Answered<z.output<T>>>;
}

export function createSensApi(
  settings: SensSettings,
  http: HttpClient,
  { account = SENS, clock }: Pick<ProviderDeps, 'account' | 'clock'>,
): SensApi {
  const prefix = new URL(settings.baseUrl).pathname.replace(/\/+$/, '');
  const redact = redactor([settings.accessKey, settings.secretKey]);
  const reading = { account, redact, clock };
  const signed: SensApi['signed'] = (method, path) => {
    const whole = prefix + path;
    return { method, path: whole, headers: signedHeaders(settings, method, whole, clock.now()) };
  };
  return {
    http,
    ...reading,
    signed,
    // The colons of the service id are escaped, and signed so: a path is signed in the spelling that is sent (§1.2).
    requestsPath: (...below) =>
      ['/mail/v2/services', settings.serviceId, 'requests', ...below]
        .map((part, i) => (i === 0 ? part : encodeURIComponent(part)))
        .join('/'),
    get: async (path, query, schema, signal) => {
      const answer = await ask(http, { ...signed('GET', path + queryText(query)), signal }, account);
      const parsed = answer.status === 200 ? schema.safeParse(readJson(answer.body)) : undefined;
      if (parsed?.success !== true) throw unavailable(answer, reading);
      const pause = pauseMs(answer, clock.now());
      return { data: parsed.data, ...(pause !== undefined && { pauseMs: pause }) };
    },
  };
}

function unavailable(answer: HttpResponse, reading: Reading): ProviderUnavailableError {
  const error = readError(answer, reading.redact);
  const text = answer.status === 200 ? 'the answer cannot be understood' : `the answer is HTTP ${answer.status}`;
  return new ProviderUnavailableError(text, errorWords(answer, error, reading), pauseMs(answer, reading.clock.now()));
}
