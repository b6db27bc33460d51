import { recipientEvent, recipientStatuses, type RecipientEventType, type RecipientStatus } from '@gateway/core';

/** Inclusive ranges of positions, ascending. */
export type PositionRanges = readonly (readonly [from: number, to: number])[];

/** A change of some recipients, with the reason as it was then: the recipients themselves may have changed since. */
export interface RecipientChange {
  readonly status: RecipientStatus;
  readonly reason?: string;
  /** The provider's own words. */
  readonly code?: string;
  readonly message?: string;
  readonly positions: PositionRanges;
}

/** The content of a row of type `recipients`, which stands for one event for each recipient in it. */
export interface RecipientsChanged {
  readonly changes: readonly RecipientChange[];
  readonly opened: PositionRanges;
  /** The account. */
  readonly provider?: string;
}

/** One event of a row of type `recipients`. */
export interface RecipientEntry {
  readonly type: RecipientEventType;
  /** Its number among all events of the row, from 0. */
  readonly nth: number;
  readonly position: number;
  readonly change?: RecipientChange;
}

/** A recipient with what it changed to; `null` is absent. */
export interface Changed {
  readonly position: number;
  readonly status: RecipientStatus;
  readonly reason: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

/** Recipients with the same change share it; changes are in the order of progress. */
export function groupChanges(changed: readonly Changed[]): readonly RecipientChange[] {
  const groups = Map.groupBy(changed, ({ status, reason, code, message }) =>
    JSON.stringify([recipientStatuses.indexOf(status), reason, code, message]),
  );
  const changes = [...groups.values()].flatMap((alike): RecipientChange[] => {
    const [first] = alike;
    return first === undefined
      ? []
      : [{ ...changeOf(first), positions: toRanges(alike.map(({ position }) => position)) }];
  });
  return changes.sort((a, b) => recipientStatuses.indexOf(a.status) - recipientStatuses.indexOf(b.status));
}

const changeOf = ({ status, reason, code, message }: Omit<Changed, 'position'>) => ({
  status,
  ...(reason !== null && { reason }),
  ...(code !== null && { code }),
  ...(message !== null && { message }),
});

export function toRanges(positions: readonly number[]): PositionRanges {
  const ranges: [number, number][] = [];
  for (const position of [...positions].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === position - 1) last[1] = position;
    else ranges.push([position, position]);
  }
  return ranges;
}

/** A range without some of its positions. @param left ascending */
export function rangesWithout(from: number, to: number, left: readonly number[]): PositionRanges {
  const ranges: [number, number][] = [];
  let next = from;
  for (const position of left) {
    if (position > next) ranges.push([next, position - 1]);
    next = position + 1;
  }
  if (next <= to) ranges.push([next, to]);
  return ranges;
}

/**
 * The events of a row in their order. Whole ranges are passed over without a step for each recipient.
 * @param from the number of the first. @param wants says which types are wanted.
 */
export function* entriesOf(
  { changes, opened }: RecipientsChanged,
  from: number,
  wants: (type: RecipientEventType) => boolean,
): Generator<RecipientEntry> {
  let first = 0;
  const groups = [
    ...changes.map((change) => ({ type: recipientEvent(change.status), change, positions: change.positions })),
    { type: recipientEvent('opened'), positions: opened },
  ];
  for (const { positions, ...group } of groups) {
    const wanted = wants(group.type);
    for (const [low, high] of positions) {
      const end = first + high - low + 1;
      for (let nth = Math.max(from, first); wanted && nth < end; nth += 1) {
        yield { ...group, nth, position: low + nth - first };
      }
      first = end;
    }
  }
}

/** How many events a row stands for. */
export const countEntries = ({ changes, opened }: RecipientsChanged): number =>
  [...changes.flatMap(({ positions }) => positions), ...opened].reduce((sum, [from, to]) => sum + to - from + 1, 0);
