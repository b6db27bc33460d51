import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root, textOf } from '../support/repository.js';

interface Report {
  /** The expected content of docs/sql.md. */
  readonly text: string;
  /** Statements outside of `*.sql.ts`, by file. */
  readonly inline: Readonly<Record<string, number>>;
  /** Statements in `*.sql.ts` without a purpose. */
  readonly undocumented: readonly string[];
}

/**
 * How many statements a file may still have inside. The numbers only fall: a new statement goes to a `*.sql.ts` file
 * beside its repository, or through Prisma Client.
 */
const ALLOWED: Readonly<Record<string, number>> = {
  'apps/api/src/sandbox/sandbox-audience.ts': 5,
  'libs/database/src/columns.ts': 1,
  'libs/database/src/connections/open-pool.ts': 1,
  'libs/database/src/database.ts': 1,
  'libs/database/src/messages/idempotency.repository.ts': 3,
  'libs/database/src/messages/message-writer.ts': 1,
  'libs/platform/src/postgres/session.ts': 6,
  'libs/queue/src/queue-backend.ts': 2,
  'libs/queue/src/queue-tables.ts': 3,
};

describe('statements of SQL', () => {
  let report: Report;

  beforeAll(() => {
    const script = join(root, 'scripts/docs-sql.mjs');
    report = JSON.parse(execFileSync(process.execPath, [script, '--json'], { encoding: 'utf8' })) as Report;
  });

  it('are listed in docs/sql.md as `npm run docs:sql` writes it', () => {
    expect(textOf('docs/sql.md')).toBe(report.text);
  });

  it('are in `*.sql.ts` files, and no more than before inside of others', () => {
    const more = Object.entries(report.inline).filter(([path, count]) => count > (ALLOWED[path] ?? 0));
    expect(more).toEqual([]);
    expect(Object.keys(ALLOWED).filter((path) => !(path in report.inline))).toEqual([]);
  });

  it('have a purpose each', () => {
    expect(report.undocumented).toEqual([]);
  });
});

describe('times that Prisma Client writes', () => {
  it("come from the database's clock, which `now()` and `@updatedAt` in the schema do not", () => {
    const lines = textOf('prisma/schema.prisma').split('\n');
    expect(lines.filter((line) => /@default\(now\(\)\)|@updatedAt/.test(line))).toEqual([]);
  });
});
