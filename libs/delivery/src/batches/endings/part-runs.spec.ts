import { describe, expect, it } from '@jest/globals';
import { runsOf } from './part-runs.js';

describe(runsOf.name, () => {
  it.each([
    [[], [[0, 9, false]]],
    [
      [0],
      [
        [0, 0, true],
        [1, 9, false],
      ],
    ],
    [
      [7, 8, 9],
      [
        [0, 6, false],
        [7, 9, true],
      ],
    ],
    [
      [2, 4, 5],
      [
        [0, 1, false],
        [2, 2, true],
        [3, 3, false],
        [4, 5, true],
        [6, 9, false],
      ],
    ],
  ])('cuts ten recipients at %j', (postponed, runs) => {
    expect(runsOf({ from: 0, to: 9 }, postponed).map((run) => [run.from, run.to, run.postponed])).toEqual(runs);
  });
});
