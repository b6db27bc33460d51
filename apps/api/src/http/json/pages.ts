import type { FoundList } from './json-scan.js';

/** Where the pages of a list begin and end, without the commas between them. */
export function* pagesOf({ from, to, cuts }: FoundList): Generator<readonly [from: number, to: number]> {
  let first = from + 1;
  for (const end of [...cuts, to]) {
    yield [first, end];
    first = end + 1;
  }
}
