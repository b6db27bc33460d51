import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditRepository } from '@gateway/database';
import { aDatabase } from '@gateway/testing';
import { aRun, daysAgo, monthsAgo, OldMail, THIRTY } from './retention.fixture.js';

describe('retention and the audit log', () => {
  let mail: OldMail;

  beforeAll(async () => {
    mail = new OldMail(await aDatabase(10));
    await mail.begin();
  });
  beforeEach(() => mail.clear());
  afterAll(() => mail.database.close());

  const acts = async (): Promise<readonly unknown[]> => {
    const { rows } = await mail.database.pool.query<{ act: unknown }>(
      `SELECT jsonb_build_array(process, action, target, after) AS act FROM audit_entry ORDER BY position`,
    );
    return rows.map(({ act }) => act);
  };

  it('what is erased is an act of the process, with its numbers', async () => {
    await mail.message({ at: daysAgo(40), recipients: 3 });
    await mail.retain(THIRTY).execute(aRun());
    expect(await acts()).toEqual([['retention', 'retention.erase', 'transactional', { messages: 1, attachments: 0 }]]);
    // Nothing left, nothing done.
    await mail.retain(THIRTY).execute(aRun());
    expect(await acts()).toHaveLength(1);
  });

  it('what is dropped is one as well: whole months, and messages after their second period', async () => {
    const names = await mail.month(monthsAgo(13));
    await mail.message({ at: monthsAgo(13) });
    await mail.retain(THIRTY).execute(aRun());
    const dropped = [names.event, names.recipient].map((name) => ['retention', 'retention.drop_month', name, null]);
    expect(await acts()).toEqual(expect.arrayContaining(dropped));
    await mail.message({ at: daysAgo(400) });
    await mail.database.pool.query('DELETE FROM statistic_delta');
    await mail.retain({ ...THIRTY, dropDays: 365 }).execute(aRun());
    const [drop] = (await acts()).filter((act) => (act as readonly unknown[])[1] === 'retention.drop');
    expect(drop).toEqual(['retention', 'retention.drop', 'transactional', { messages: expect.any(Number) }]);
  });

  it('entries are erased by their own period, and those of the last 30 days not at all', async () => {
    const { database } = mail;
    const audit = new AuditRepository(database);
    const ages = [400, 100, 20, 0];
    await database.transaction(async (tx) => {
      for (const age of ages) audit.record(tx, { action: 'test.old', target: String(age) });
    });
    // Only the owner can make an entry old, by taking the guard away.
    await database.pool.query(`ALTER TABLE audit_entry DISABLE TRIGGER keep_audit;
      UPDATE audit_entry SET at = at - make_interval(days => target::int) WHERE action = 'test.old';
      ALTER TABLE audit_entry ENABLE TRIGGER keep_audit`);
    const left = async (): Promise<readonly unknown[]> => {
      const { rows } = await database.pool.query<{ target: string }>(
        `SELECT target FROM audit_entry WHERE action = 'test.old' ORDER BY at`,
      );
      return rows.map(({ target }) => target);
    };
    await mail.retain({ auditDays: 365 }).execute(aRun());
    expect(await left()).toEqual(['100', '20', '0']);
    expect((await acts()).at(-1)).toEqual(['retention', 'audit.erase', null, { entries: 1 }]);
    // As if a setting of one day had come past the configuration.
    expect(await database.transaction((tx) => audit.erase(tx, new Date(), 1000))).toBe(1);
    expect(await left()).toEqual(['20', '0']);
    await expect(database.pool.query(`DELETE FROM audit_entry WHERE target = '20'`)).rejects.toThrow('append-only');
  });
});
