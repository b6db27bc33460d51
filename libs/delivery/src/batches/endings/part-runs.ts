import type { BatchRange } from '@gateway/core';

/** A run of positions whose recipients a provider either took or postponed. */
export type Run = BatchRange & { readonly postponed: boolean };

/** Cuts a range into runs, in order and without gaps. @param postponed positions in it, in order. */
export function runsOf({ from, to }: BatchRange, postponed: readonly number[]): readonly Run[] {
  const runs: Run[] = [];
  let next = from;
  for (const position of postponed) {
    const last = runs.at(-1);
    if (last?.postponed === true && last.to === position - 1) runs[runs.length - 1] = { ...last, to: position };
    else {
      if (position > next) runs.push({ from: next, to: position - 1, postponed: false });
      runs.push({ from: position, to: position, postponed: true });
    }
    next = position + 1;
  }
  if (next <= to) runs.push({ from: next, to, postponed: false });
  return runs;
}
