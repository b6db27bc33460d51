import { ProviderUnavailableError } from '@gateway/core';
import type { Clock, HttpClient, HttpRequest, HttpResponse } from '@gateway/platform';
import type { z } from 'zod';
import { readJson, redactor, retryAfterMs, wordsOf, type Redact } from '../shared/answer.js';
import { ask } from '../shared/exchange.js';
import type { NcpSettings } from './ncp.config.js';
import { clockHint, NCP, readError } from './ncp.errors.js';
import { signature } from './ncp.signature.js';

export type Query = readonly (readonly [name: string, value: string | number])[];

/** Signed requests to NCP and its answers to questions. */
export interface NcpApi {
  readonly http: HttpClient;
  readonly redact: Redact;
  readonly clock: Clock;
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

export function createNcpApi(settings: NcpSettings, http: HttpClient, clock: Clock): NcpApi {
  const prefix = new URL(settings.baseUrl).pathname.replace(/\/+$/, '');
  const redact = redactor([settings.accessKey, settings.secretKey]);
  const signed: NcpApi['signed'] = (method, path) => {
    const whole = prefix + path;
    return { method, path: whole, headers: headersFor(settings, method, whole, clock.now()) };
  };
  return {
    http,
    redact,
    clock,
    paging: { largest: Infinity },
    signed,
    get: async (path, query, schema, signal) => {
      const answer = await ask(http, { ...signed('GET', path + queryText(query)), signal }, NCP);
      const parsed = answer.status === 200 ? schema.safeParse(readJson(answer.body)) : undefined;
      if (parsed?.success === true) return parsed.data;
      throw unavailable(answer, redact, clock.now());
    },
  };
}

function headersFor(settings: NcpSettings, method: string, path: string, now: Date): Readonly<Record<string, string>> {
  const timestamp = String(now.getTime());
  return {
    accept: 'application/json',
    'x-ncp-apigw-timestamp': timestamp,
    'x-ncp-iam-access-key': settings.accessKey,
    'x-ncp-apigw-signature-v2': signature({ method, path, timestamp }, settings.accessKey, settings.secretKey),
  };
}

/** The query as it is signed and sent: `%20` for a space, never `+` (ncp.md §1.3). */
const queryText = (query: Query): string =>
  query.length === 0 ? '' : `?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;

function unavailable(answer: HttpResponse, redact: Redact, now: Date): ProviderUnavailableError {
  const error = readError(answer, redact);
  const hint = answer.status === 401 ? clockHint(answer, now) : undefined;
  const message = [error.message, hint].filter((part) => part !== undefined).join('; ') || undefined;
  const text = answer.status === 200 ? 'the answer cannot be understood' : `the answer is HTTP ${answer.status}`;
  return new ProviderUnavailableError(
    text,
    wordsOf(NCP, { code: error.code, message, httpStatus: answer.status }),
    retryAfterMs(answer.headers, now),
  );
}
