import { ProviderRefusedError, ProviderUnavailableError } from '@gateway/core';
import type { HttpRequest, HttpResponse } from '@gateway/platform';
import type { z } from 'zod';
import { retryAfterMs } from '../shared/answer.js';
import { ask } from '../shared/exchange.js';
import type { NhnApi } from './nhn.api.js';
import { OK, verdictOf } from './nhn.codes.js';
import { envelopeWords, readEnvelope } from './nhn.errors.js';
import { saysRetired } from './nhn.retired.js';

export interface ManagementCall {
  readonly method: HttpRequest['method'];
  /** With its query, as it follows the app key: `templates?pageNum=1`. */
  readonly call: string;
  readonly body?: object;
}

/**
 * A call that changes or reads what NHN keeps; many answer with a header only.
 * @returns the `body` of the answer.
 * @throws ProviderRefusedError for what the documents define as a no, ProviderUnavailableError for everything else.
 */
export const manage = async <T extends z.ZodType>(
  api: NhnApi,
  call: ManagementCall,
  schema: T,
  signal: AbortSignal,
): Promise<z.output<T>> => manageMember(api, { ...call, member: 'body' }, schema, signal);

/** The same, for answers that have their content beside the header under another name than `body`. */
export async function manageMember<T extends z.ZodType>(
  api: NhnApi,
  { method, call, body, member }: ManagementCall & { readonly member: 'body' | 'stats' | 'total' },
  schema: T,
  signal: AbortSignal,
): Promise<z.output<T>> {
  const path = api.pathOf(call);
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await ask(api.http, { method, path, headers: api.headers, signal, ...content }, api.account);
  const envelope = readEnvelope(answer);
  const words = envelopeWords(answer, envelope, api);
  const code = envelope?.header.resultCode;
  if (code !== OK || envelope?.header.isSuccessful !== true) throw noOf(answer, code, words, api);
  const parsed = schema.safeParse(envelope[member]);
  if (parsed.success) return parsed.data;
  throw new ProviderUnavailableError('the answer cannot be understood', words);
}

/** nhn.md §3: template, and category by what it was asked for. */
const NOT_FOUND: ReadonlySet<number> = new Set([-2107, -3001, -3006, -3008]);

/** Of templates, the block list, statistics, categories, tags and UIDs; the send codes are in `verdictOf`. */
const isManagementCode = (code: number): boolean => MANAGEMENT.some(([first, last]) => code <= first && code >= last);

const MANAGEMENT = [
  [-2100, -2115],
  [-2200, -2205],
  [-2300, -2310],
  [-3000, -3008],
  [-7001, -7006],
] as const;

function noOf(
  answer: HttpResponse,
  code: number | undefined,
  words: ReturnType<typeof envelopeWords>,
  { clock }: NhnApi,
): Error {
  const verdict = code === undefined || answer.status === 429 ? undefined : verdictOf(code);
  const definite = code !== undefined && (isManagementCode(code) || (verdict && verdict.scope !== 'moment'));
  if (!definite) {
    const text = code === undefined ? `the answer is HTTP ${answer.status}` : `the answer has the code ${code}`;
    return new ProviderUnavailableError(text, words, retryAfterMs(answer.headers, clock.now()));
  }
  return new ProviderRefusedError(words.message ?? String(code), words, why(code, words));
}

function why(code: number, words: ReturnType<typeof envelopeWords>): 'not_found' | 'retired' | undefined {
  if (saysRetired(words)) return 'retired';
  return NOT_FOUND.has(code) ? 'not_found' : undefined;
}
