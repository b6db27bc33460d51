import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { aDatabase } from '@gateway/testing';
import { advisoryLocks, keyLock, type AdvisoryLock } from './advisory-locks.js';
import { ContactImportRepository } from './audience/contact-import.repository.js';
import type { Database } from './database.js';
import { TemplateCategoryRepository } from './templates/template-category.repository.js';

const names = Object.keys(advisoryLocks) as readonly AdvisoryLock[];

describe('advisory locks', () => {
  let database: Database;

  beforeAll(async () => {
    database = await aDatabase(4);
  });
  afterAll(() => database.close());

  it('have a number each', () => {
    expect(new Set(Object.values(advisoryLocks)).size).toBe(names.length);
  });

  it('of one key never meet', async () => {
    const { rows } = await database.pool.query<Record<string, string>>(
      `SELECT ${names.map((name) => `${keyLock(name, '$1')} AS "${name}"`).join(', ')}`,
      [newUuid()],
    );
    expect(new Set(Object.values(rows[0] ?? {})).size).toBe(names.length);
  });

  it('are those that the functions of the database take', async () => {
    const { rows } = await database.pool.query<{ source: string }>(
      `SELECT prosrc AS source FROM pg_proc WHERE prosrc LIKE '%advisory%'
       AND pronamespace = 'public'::regnamespace`,
    );
    expect(rows.map(({ source }) => /advisory_xact_lock(?:_shared)?\((\d+)\)/.exec(source)?.[1]).sort()).toEqual([
      String(advisoryLocks.log),
      String(advisoryLocks.statistics),
    ]);
  });

  it('let a client import contacts while its templates are changed', async () => {
    const clientId = newUuid();
    await database.transaction(async (templates) => {
      await new TemplateCategoryRepository(database).lockTree(templates, clientId);
      await database.transaction(async (contacts) => {
        await contacts.query("SET LOCAL statement_timeout = '2s'");
        await new ContactImportRepository().lock(contacts, clientId);
      });
    });
  });
});
