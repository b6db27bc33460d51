import { domainOf } from '@gateway/core';
import type { KeyChanges, KeyLimits, KeyOwner } from '@gateway/database';

/** Limits of what a key sends. A key that has them cannot get round them by making or rotating another one. */
export type SendingLimits = Pick<KeyLimits, 'allowedFrom' | 'allowedAccounts' | 'needsRelease'>;

/** Members may be left out. */
export type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** Finds the limits of a key that go beyond those of the key that gives it. Members that are not given are not checked. */
export function outside(giver: SendingLimits, wish: Given<SendingLimits>): readonly Fault[] {
  const { allowedFrom, allowedAccounts, needsRelease } = wish;
  return [
    ...beyond('/allowedFrom', giver.allowedFrom, allowedFrom, isCovered),
    ...beyond('/allowedAccounts', giver.allowedAccounts, allowedAccounts, (name, own) => own.includes(name)),
    ...(giver.needsRelease && needsRelease === false
      ? [{ pointer: '/needsRelease', detail: 'must be true, as it is for your key' }]
      : []),
  ];
}

function beyond(
  pointer: string,
  own: readonly string[],
  wish: readonly string[] | undefined,
  covers: (entry: string, own: readonly string[]) => boolean,
): readonly Fault[] {
  if (wish === undefined || own.length === 0) return [];
  if (wish.length > 0 && wish.every((entry) => covers(entry, own))) return [];
  return [{ pointer, detail: `must be within those of your key: ${own.join(', ')}` }];
}

/** An address also by its domain. */
const isCovered = (entry: string, own: readonly string[]): boolean =>
  own.includes(entry) || (entry.includes('@') && own.includes(domainOf(entry)));

/** Pointers of the limits that a change of its own would loosen, besides those of what it sends. */
export function loosened(owner: KeyOwner, changes: KeyChanges, now: Date): readonly string[] {
  return [
    ...(losesNetworks(owner.allowedIps, changes.allowedIps) ? ['/allowedIps'] : []),
    ...(livesLonger(owner.endsInMs, changes.expiresAt, now) ? ['/expiresAt'] : []),
    ...(['requestsPerSecond', 'recipientsPerSecond'] as const)
      .filter((rate) => isFaster(owner[rate], changes[rate]))
      .map((rate) => `/rateLimit/${rate}`),
  ];
}

function losesNetworks(before: readonly string[], after: readonly string[] | undefined): boolean {
  if (after === undefined || before.length === 0) return false;
  return after.length === 0 || !after.every((network) => before.includes(network));
}

function livesLonger(endsInMs: number | null, after: Date | null | undefined, now: Date): boolean {
  if (after === undefined || endsInMs === null) return false;
  return after === null || after.getTime() > now.getTime() + endsInMs;
}

function isFaster(before: number | null, after: number | null | undefined): boolean {
  if (after === undefined || before === null) return false;
  return after === null || after > before;
}
