import { ProviderUnavailableError, type FindQuery } from '@gateway/core';
import type { z } from 'zod';
import type { SensApi } from '../sens.api.js';
import { tokenIn } from '../sens.marker.js';
import { mailListSchema, recognitionSchema, type ListedRequest } from '../sens.wire.js';
import { isPreparing } from './sens.status.js';

/** The request that is looked for. */
export interface Wanted {
  readonly query: FindQuery;
  /** Of all attempts that may have arrived. */
  readonly tokens: ReadonlySet<string>;
}

export type Recognition =
  { readonly is: 'ours' } | { readonly is: 'another' } | { readonly is: 'unclear'; readonly why: string };

type Mail = z.output<typeof recognitionSchema>;

/**
 * Is a listed request the one that is looked for? Only the marker proves it. Without a marker that can be read, title,
 * sender and recipients can only prove that it is another: two equal mails are told apart by nothing else, and to adopt
 * a wrong one loses mail.
 */
export async function recognise(
  api: SensApi,
  row: ListedRequest,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Recognition> {
  const found = await findMail(api, row, wanted.query.first.address, signal);
  if (found === undefined) {
    if (isPreparing(row.status ?? 'PREPARING')) return unclear(row, 'has no mails yet and may be the one');
    return unclear(row, 'has no mails that can be read and may be the one');
  }
  const { mail, toFirst } = found;
  const token = mail.body == null ? undefined : tokenIn(mail.body, wanted.query.category === 'marketing');
  if (token !== undefined) return { is: wanted.tokens.has(token) ? 'ours' : 'another' };
  if (!couldBe({ mail, toFirst, row }, wanted.query)) return { is: 'another' };
  return unclear(
    row,
    'has the same title, sender and recipient, but its marker cannot be read back, so it is not adopted',
  );
}

const unclear = ({ requestId }: ListedRequest, why: string): Recognition => ({
  is: 'unclear',
  why: `request ${requestId} ${why}`,
});

/** The mail to the first recipient, or any mail of the request: each has the marker. */
async function findMail(
  api: SensApi,
  { requestId }: ListedRequest,
  address: string,
  signal: AbortSignal,
): Promise<{ readonly mail: Mail; readonly toFirst: boolean } | undefined> {
  const filtered = address === '' ? undefined : await oneMail(api, requestId, [['recipientAddress', address]], signal);
  const mailId = filtered ?? (await oneMail(api, requestId, [], signal));
  if (mailId === undefined) return undefined;
  const { data: mail } = await api.get(api.requestsPath(requestId, 'mails', mailId), [], recognitionSchema, signal);
  const addresses = mail.recipients?.map((recipient) => recipient.address.toLowerCase());
  return { mail, toFirst: filtered !== undefined || addresses?.includes(address.toLowerCase()) === true };
}

async function oneMail(
  api: SensApi,
  requestId: string,
  filters: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = [...filters, ['pageNo', 0], ['pageSize', 1]] as const;
  try {
    const { data } = await api.get(api.requestsPath(requestId, 'mails'), query, mailListSchema, signal);
    return data.rows.map(({ mailId }) => mailId).find((mailId) => mailId !== '');
  } catch (error) {
    // Other channels of SENS say so that a list is empty (sens.md §1.4).
    if (error instanceof ProviderUnavailableError && error.provider.httpStatus === 404) return undefined;
    throw error;
  }
}

interface Candidate {
  readonly mail: Mail;
  /** Is it certainly the mail to the first recipient? */
  readonly toFirst: boolean;
  readonly row: ListedRequest;
}

/** False only on proof: another sender, a title or recipients that cannot be ours. */
function couldBe({ mail, toFirst, row }: Candidate, query: FindQuery): boolean {
  const sender = mail.senderAddress ?? row.senderAddress;
  if (sender != null && sender.toLowerCase() !== query.sender.toLowerCase()) return false;
  if (query.first.address === '') return true;
  if (!toFirst) return hidesRecipients(mail, row);
  return mail.title == null || titlesMeet(mail.title, query.first.subject);
}

/** May a mail to the first recipient be there although none was found? All are known when there is but one mail. */
const hidesRecipients = ({ recipients }: Mail, { requestCount }: ListedRequest): boolean =>
  recipients == null ||
  recipients.length === 0 ||
  recipients.some(({ address }) => address === '') ||
  requestCount == null;

/** Titles may be shortened, escaped or marked as advertisements on their way; whoever differs in words is another. */
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
