import { ProviderUnavailableError, type FindQuery } from '@gateway/core';
import type { z } from 'zod';
import type { SensApi } from '../sens.api.js';
import { tokenIn } from '../sens.marker.js';
import { mailListSchema, recognitionSchema, type ListedRequest } from '../sens.wire.js';
import { isPreparing } from '../../naver/track/words.js';
import { sensWords } from './sens.status.js';

/** The request that is looked for. */
export interface Wanted {
  readonly query: FindQuery;
  /** Of all attempts that may have arrived. */
  readonly tokens: ReadonlySet<string>;
}

export type Recognition =
  | { readonly is: 'ours' }
  | { readonly is: 'another' }
  | {
      readonly is: 'unclear';
      readonly why: string;
      /** Its mail was read, and had no marker. */
      readonly unreadable?: true;
    };

type Mail = z.output<typeof recognitionSchema>;

/**
 * Is a listed request the one that is looked for? Only the marker proves it. Without a marker that can be read, title,
 * sender and recipients can only prove that it is another: nothing else distinguishes two equal mails, and adopting the
 * wrong one loses mail.
 */
export async function recognise(
  api: SensApi,
  row: ListedRequest,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Recognition> {
  const found = await findMail(api, row, wanted.query.first.address, signal);
  if (found === undefined) {
    if (isPreparing(sensWords, row.status ?? 'PREPARING')) return unclear(row, 'has no mails yet and may be the one');
    return unclear(row, 'has no mails that can be read and may be the one');
  }
  const { mail } = found;
  const token = tokenIn(mail.body ?? '', wanted.query.category === 'marketing');
  if (token !== undefined) return { is: wanted.tokens.has(token) ? 'ours' : 'another' };
  if (!couldBe(found, row, wanted.query)) return { is: 'another' };
  const why = 'has the same title, sender and recipient, but its marker cannot be read back, so it is not adopted';
  // A mail whose title is that of a template of the console has no marker by itself (sens.mapper.ts).
  return { ...unclear(row, why), ...(wanted.query.first.subject !== '' && { unreadable: true }) };
}

const unclear = ({ requestId }: ListedRequest, why: string) =>
  ({ is: 'unclear', why: `request ${requestId} ${why}` }) as const;

interface FoundMail {
  readonly mail: Mail;
  /** Was it the answer to the question for the first recipient's mail? */
  readonly filtered: boolean;
}

/** The mail to the first recipient, or any mail of the request: each has the marker. */
async function findMail(
  api: SensApi,
  { requestId }: ListedRequest,
  address: string,
  signal: AbortSignal,
): Promise<FoundMail | undefined> {
  const filtered = address === '' ? undefined : await oneMail(api, requestId, [['recipientAddress', address]], signal);
  const mailId = filtered ?? (await oneMail(api, requestId, [], signal));
  if (mailId === undefined) return undefined;
  const { data: mail } = await api.question(
    api.requestsPath(requestId, 'mails', mailId),
    [],
    recognitionSchema,
    signal,
  );
  return { mail, filtered: filtered !== undefined };
}

async function oneMail(
  api: SensApi,
  requestId: string,
  filters: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = [...filters, ['pageNo', 0], ['pageSize', 1]] as const;
  try {
    const { data } = await api.question(api.requestsPath(requestId, 'mails'), query, mailListSchema, signal);
    return data.rows.map(({ mailId }) => mailId).find((mailId) => mailId !== '');
  } catch (error) {
    // Other channels of SENS say so that a list is empty (sens.md §1.4).
    if (error instanceof ProviderUnavailableError && error.provider.httpStatus === 404) return undefined;
    throw error;
  }
}

/**
 * False only on proof: another sender, another title of the same recipient's mail, other recipients. That a filter finds
 * nothing is half a proof, since it may compare more strictly than the addresses mean.
 */
function couldBe(found: FoundMail, row: ListedRequest, query: FindQuery): boolean {
  const sender = found.mail.senderAddress ?? row.senderAddress ?? query.sender;
  if (!sameAddress(sender, query.sender)) return false;
  return query.first.address === '' || couldBeTo(found, row, query.first);
}

function couldBeTo({ mail, filtered }: FoundMail, row: ListedRequest, first: FindQuery['first']): boolean {
  const sameTitle = titlesMeet(mail.title ?? '', first.subject);
  const addresses = (mail.recipients ?? []).map(({ address }) => address).filter((address) => address !== '');
  if (addresses.length === 0) return !filtered || sameTitle;
  if (addresses.some((address) => sameAddress(address, first.address))) return sameTitle;
  // The mail is to others. A request of one mail is theirs alone.
  return row.requestCount !== 1 && (filtered || sameTitle);
}

const sameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Titles may be shortened, escaped or marked as advertisements on their way; a title with other words is that of another mail. */
function titlesMeet(theirs: string, ours: string): boolean {
  const [a, b] = [bare(theirs), bare(ours)];
  return a === '' || b === '' || a.startsWith(b) || b.startsWith(a);
}

const bare = (title: string): string =>
  title
    .normalize('NFKC')
    .replace(/^\s*\(\s*광고\s*\)/, '')
    .replaceAll(/&(?:[a-z]+|#\w+);/gi, '')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
