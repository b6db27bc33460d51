import { createHash } from 'node:crypto';
import type { AcceptedRequest } from '../state/accepted-request.js';

/** An address that was accepted more than once for the same identity. */
export interface Duplicate {
  readonly address: string;
  readonly identity: string;
  readonly count: number;
  readonly requestIds: readonly string[];
}

const SHOWN = 100;

/**
 * The identity of a request's work; equal for repeats. The caller's marker without the attempt number
 * (`<batch.attempt@domain>` or `batch.attempt` → `batch`), or, without a marker, sender, title and body.
 */
export function identityOf(request: AcceptedRequest): string {
  const known = identities.get(request) ?? makeIdentity(request);
  identities.set(request, known);
  return known;
}

const identities = new WeakMap<AcceptedRequest, string>();

function makeIdentity(request: AcceptedRequest): string {
  const { marker, senderAddress, title, body } = request.content;
  if (marker !== null) return /^<?([^@>]+?)(\.\d+)?(@[^>]*)?>?$/.exec(marker)?.[1] ?? marker;
  const digest = createHash('sha256').update(`${senderAddress}\n${title}\n${body}`).digest('hex').slice(0, 16);
  return `content:${digest}`;
}

/** Finds repeated (address, identity) pairs over requests of both vendors; addresses compare without case. */
export function findDuplicates(requests: readonly AcceptedRequest[], keyOf = identityOf) {
  const groups = Map.groupBy(requests, keyOf);
  const first: Duplicate[] = [];
  let count = 0;
  for (const [identity, members] of groups) {
    for (const [address, requestIds] of cachedRepeats(members)) {
      count += 1;
      if (first.length < SHOWN) first.push({ address, identity, count: requestIds.length, requestIds });
    }
  }
  return { count, first };
}

/** Tests poll the summary, so a group that has not grown is not looked through again. */
function cachedRepeats(members: readonly AcceptedRequest[]): Map<string, string[]> {
  const newest = members.at(-1);
  if (!newest) return new Map();
  const key = members.map(({ requestId }) => requestId).join();
  const known = repeatsByNewest.get(newest);
  if (known?.key === key) return known.repeats;
  const repeats = repeatedIn(members);
  repeatsByNewest.set(newest, { key, repeats });
  return repeats;
}

const repeatsByNewest = new WeakMap<
  AcceptedRequest,
  { readonly key: string; readonly repeats: Map<string, string[]> }
>();

/** Address → request ids, for the addresses that occur more than once. */
function repeatedIn(requests: readonly AcceptedRequest[]): Map<string, string[]> {
  const seen = new Map<string, AcceptedRequest>();
  const repeated = new Map<string, string[]>();
  for (const request of requests) {
    for (const address of request.recipients.addresses.slice(0, request.recipients.count)) {
      const key = address.toLowerCase();
      const earlier = seen.get(key);
      if (!earlier) seen.set(key, request);
      if (!earlier) continue;
      const ids = repeated.get(key) ?? [earlier.requestId];
      repeated.set(key, [...ids, request.requestId]);
    }
  }
  return repeated;
}
