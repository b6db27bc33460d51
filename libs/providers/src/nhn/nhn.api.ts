import { ProviderUnavailableError } from '@gateway/core';
import type { HttpClient, HttpResponse } from '@gateway/platform';
import { redactor, retryAfterMs, wordsOf, type Reading } from '../shared/answer.js';
import { ask } from '../shared/exchange.js';
import type { ProviderDeps } from '../define-provider.js';
import { NO_DATA, OK } from './nhn.codes.js';
import { isFrom, type NhnSettings } from './nhn.config.js';
import { envelopeWords, NHN, readEnvelope } from './nhn.errors.js';
import { mailPageSchema, type MailPage } from './nhn.wire.js';

const JSON_TYPE = 'application/json;charset=UTF-8';
export const PAGE_SIZE = 1000;
/** A request has one page, a search of a busy sender's day some hundreds; a list without end is nonsense. */
const MAX_PAGES = 20_000;

/** Requests to NHN and its answers to questions. */
export interface NhnApi extends Reading {
  readonly http: HttpClient;
  readonly headers: Readonly<Record<string, string>>;
  /** Path of a call, the app key in it: `pathOf('sender/mail')`. */
  pathOf(call: string): string;
  /**
   * One page of `sender/mails` (nhn.md §5.2), counted from 1; no hits are an empty page.
   * @throws ProviderUnavailableError unless NHN says that it succeeded.
   */
  mails(query: Readonly<Record<string, string>>, page: number, signal: AbortSignal): Promise<MailPage>;
}

export function createNhnApi(
  settings: NhnSettings,
  http: HttpClient,
  { account = NHN, clock }: Pick<ProviderDeps, 'account' | 'clock'>,
): NhnApi {
  const { appKey, secretKey, version } = settings;
  const redact = redactor(secretKey === undefined ? [appKey] : [appKey, secretKey]);
  const prefix = new URL(settings.baseUrl).pathname.replace(/\/+$/, '');
  const pathOf = (call: string): string => `${prefix}/email/${version}/appKeys/${encodeURIComponent(appKey)}/${call}`;
  const headers = {
    'content-type': JSON_TYPE,
    accept: 'application/json',
    ...(isFrom(version, 'v2.0') && secretKey !== undefined && { 'X-Secret-Key': secretKey }),
  };
  const reading = { account, redact, clock };
  const mails: NhnApi['mails'] = async (query, page, signal) => {
    const search = new URLSearchParams({ ...query, pageNum: String(page), pageSize: String(PAGE_SIZE) });
    const request = { method: 'GET', path: `${pathOf('sender/mails')}?${search.toString()}`, headers, signal } as const;
    return readPage(await ask(http, request, account), reading);
  };
  return { http, ...reading, headers, pathOf, mails };
}

function readPage(answer: HttpResponse, by: Reading): MailPage {
  const envelope = readEnvelope(answer);
  const code = envelope?.header.resultCode;
  if (code === NO_DATA) return { data: [] };
  const taken = envelope?.header.isSuccessful === true && code === OK;
  const page = taken ? mailPageSchema.safeParse(envelope.body).data : undefined;
  if (page !== undefined) return page;
  const text = taken || code === undefined ? 'the answer cannot be understood' : 'the question was refused';
  const words = envelopeWords(answer, envelope, by);
  const pause = retryAfterMs(answer.headers, by.clock.now());
  throw new ProviderUnavailableError(`${text} (HTTP ${answer.status})`, words, pause);
}

/** Every page of a search, until NHN has no more. */
export async function* allPages(
  api: NhnApi,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): AsyncGenerator<NonNullable<MailPage['data']>, void, void> {
  let seen = 0;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { data, totalCount } = await api.mails(query, page, signal);
    const rows = data ?? [];
    seen += rows.length;
    if (rows.length > 0) yield rows;
    if (rows.length === 0 || seen >= (totalCount ?? 0)) return;
  }
  throw new ProviderUnavailableError(`the list has more than ${MAX_PAGES} pages`, wordsOf(api.account, {}));
}
