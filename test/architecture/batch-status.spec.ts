import { describe, expect, it } from '@jest/globals';
import { batchStates, batchStatuses, mayMove, type BatchStatus } from '@gateway/core';
import { transitions } from '@gateway/database';
import { filesOf, textOf } from '../support/repository.js';

/** Where the statements are that set a batch's status. */
const HOME = 'libs/database/src/batches/transitions.sql.ts';

type Move = readonly [from: BatchStatus, to: BatchStatus];

const isMove = ([from, to]: Move): boolean => from !== to;

/** A claim of a batch that is queued already, or a poll that finds nothing new, is no move. */
const written: readonly Move[] = Object.values(transitions).flatMap(({ from, to }) =>
  from.flatMap((before) => to.map((after): Move => [before, after])).filter(isMove),
);

const allowed: readonly Move[] = batchStatuses.flatMap((from) => batchStates[from].next.map((to): Move => [from, to]));

const texts = (moves: readonly Move[]): readonly string[] => [
  ...new Set(moves.map(([from, to]) => `${from} → ${to}`).sort()),
];

const production = filesOf('libs/*/src/**/*.ts', 'apps/*/src/**/*.ts').filter(
  (file) => !/\.(spec|fixture)\.ts$/.test(file) && !file.startsWith('libs/testing/'),
);

/** The assignments of each `UPDATE batch`. */
const assignments = (source: string): readonly string[] =>
  [...source.matchAll(/UPDATE\s+"?batch"?\s+(?:AS\s+)?(?:b\s+)?SET\b([\s\S]*?)(?:\bWHERE\b|\bFROM\b|`)/gi)].map(
    ([, assigned = '']) => assigned,
  );

const setsStatus = (source: string): boolean =>
  assignments(source).some((assigned) => /(?:^|,)\s*status\s*=/.test(assigned)) ||
  /prisma\.batch\.(?:update|upsert|create)/.test(source);

describe('the status of a batch', () => {
  it('moves only as the table in core allows', () => {
    expect(texts(written.filter(([from, to]) => !mayMove(from, to)))).toEqual([]);
  });

  it('has no move in the table that nothing makes', () => {
    expect(texts(allowed.filter((move) => !texts(written).includes(`${move[0]} → ${move[1]}`)))).toEqual([]);
  });

  it('has the same moves in the diagram of docs/states.md', () => {
    const [, diagram = ''] = /## Batch\n[\s\S]*?```mermaid\n([\s\S]*?)```/.exec(textOf('docs/states.md')) ?? [];
    const drawn = [...diagram.matchAll(/^ *(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} → ${to}`);
    expect(drawn.sort()).toEqual(texts(allowed));
  });

  it('is set in one file only', () => {
    expect(production.filter((file) => setsStatus(textOf(file)))).toEqual([HOME]);
  });

  it('is set by no function or trigger of the database', () => {
    const bodies = new Map<string, string>();
    for (const file of filesOf('prisma/migrations/*/migration.sql')) {
      // A later migration replaces a function of the same name.
      for (const [, name = '', body = ''] of textOf(file).matchAll(
        /FUNCTION\s+"?(\w+)"?\s*\([\s\S]*?\$\$([\s\S]*?)\$\$/gi,
      )) {
        bodies.set(name, body);
      }
    }
    expect(bodies.size).toBeGreaterThan(10);
    expect([...bodies].filter(([, body]) => setsStatus(body)).map(([name]) => name)).toEqual([]);
  });

  it('is found wherever it is set', () => {
    expect(setsStatus("`UPDATE batch b SET lease_until = NULL,\n status = 'failed' FROM x`")).toBe(true);
    expect(setsStatus('`UPDATE batch SET status = $1 WHERE id = $2`')).toBe(true);
    expect(setsStatus("`UPDATE batch SET enqueued_at = now() WHERE status = 'queued'`")).toBe(false);
    expect(setsStatus("`UPDATE batch SET a = CASE WHEN status = 'queued' THEN 1 END WHERE id = $1`")).toBe(false);
    expect(setsStatus("`UPDATE message SET status = 'x' WHERE id = $1`")).toBe(false);
  });
});
