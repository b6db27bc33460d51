import { ProviderUnavailableError } from '@gateway/core';
import type { HttpClient, HttpRequest, HttpResponse } from '@gateway/platform';
import type { z } from 'zod';
import type { ProviderDeps } from '../define-provider.js';
import { readJson, redactor, type Reading, type Redact } from '../shared/answer.js';
import { ask } from '../shared/exchange.js';
import { queryText, signedHeaders, type ApigwKeys, type Query } from './apigw-signature.js';
import { wordsAbout, type ErrorWords } from './verdict.js';

/** Where a service of NAVER Cloud is reached, and by whom. A path in the base URL is put before every call, and signed. */
export interface ServiceAccess extends ApigwKeys {
  /** Without a slash at its end. */
  readonly baseUrl: string;
}

/** A usable answer, and the pause that it asks for. */
export interface Answered<T> {
  readonly data: T;
  readonly pauseMs?: number;
}

/** How a generation writes its errors, and how its `retry-after` is read. */
export interface Manner {
  readError(answer: HttpResponse, redact: Redact): ErrorWords;
  pauseMs(answer: HttpResponse, now: Date): number | undefined;
}

/** Signed requests to a service of NAVER Cloud, and its answers to questions. */
export interface SignedApi extends Reading {
  readonly http: HttpClient;
  /** A signed request; `path` follows the base URL. */
  signed(method: HttpRequest['method'], path: string): Pick<HttpRequest, 'method' | 'path' | 'headers'>;
  /**
   * Asks a question.
   * @throws ProviderUnavailableError unless the answer is 200 and of the expected shape.
   */
  question<T extends z.ZodType>(
    path: string,
    query: Query,
    schema: T,
    signal: AbortSignal,
  ): Promise<Answered<z.output<T>>>;
}

export function createSignedApi(
  access: ServiceAccess,
  http: HttpClient,
  { account, clock }: Pick<ProviderDeps, 'clock'> & { readonly account: string },
  manner: Manner,
): SignedApi {
  const prefix = new URL(access.baseUrl).pathname.replace(/\/+$/, '');
  const reading = { account, clock, redact: redactor([access.accessKey, access.secretKey]) };
  const signed: SignedApi['signed'] = (method, path) => {
    const whole = prefix + path;
    return { method, path: whole, headers: signedHeaders(access, method, whole, clock.now()) };
  };
  return {
    http,
    ...reading,
    signed,
    question: async (path, query, schema, signal) => {
      const answer = await ask(http, { ...signed('GET', path + queryText(query)), signal }, account);
      const parsed = answer.status === 200 ? schema.safeParse(readJson(answer.body)) : undefined;
      const pause = manner.pauseMs(answer, clock.now());
      if (parsed?.success === true) return { data: parsed.data, ...(pause !== undefined && { pauseMs: pause }) };
      throw noAnswer(answer, manner.readError(answer, reading.redact), { reading, pause });
    },
  };
}

/** Of an answer that is of no use. */
export function noAnswer(
  answer: HttpResponse,
  error: ErrorWords,
  { reading, pause }: { readonly reading: Reading; readonly pause?: number | undefined },
): ProviderUnavailableError {
  const text = answer.status === 200 ? 'the answer cannot be understood' : `the answer is HTTP ${answer.status}`;
  return new ProviderUnavailableError(text, wordsAbout(answer, error, reading), pause);
}
