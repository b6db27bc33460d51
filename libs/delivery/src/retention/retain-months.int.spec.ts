import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventRepository, RecipientRepository } from '@gateway/database';
import { aDatabase } from '@gateway/testing';
import { aRun, daysAgo, ERASED, monthsAgo, OldMail, THIRTY } from './retention.fixture.js';

describe('months', () => {
  let mail: OldMail;

  beforeAll(async () => {
    mail = new OldMail(await aDatabase(10));
    await mail.begin();
  });
  beforeEach(() => mail.clear());
  afterAll(() => mail.database.close());

  const inMonths = [13, 14, 15].map((months) => monthsAgo(months));
  const [month, before, quiet] = inMonths as [Date, Date, Date];

  it('are dropped whole when everything in them has passed', async () => {
    const names = await mail.month(month);
    const ids = [await mail.message({ at: month }), await mail.message({ at: month, category: 'marketing' })];
    const { report } = await mail.retain(THIRTY).execute(aRun());
    expect(report).toMatchObject({ months: [names.event, names.recipient], recipients: 0, events: 0 });
    expect(await mail.tables()).not.toContain(names.recipient);
    for (const id of ids) expect(await mail.standOf(id)).toEqual(ERASED);
  });

  it('stay for one message that is kept, and lose the others', async () => {
    const names = await mail.month(month);
    const passed = await mail.message({ at: month, recipients: 5 });
    const kept = await mail.message({ at: month, category: 'marketing' });
    const { report } = await mail.retain({ days: { transactional: 30 } }).execute(aRun());
    expect(report).toMatchObject({ months: [], recipients: 5, events: 1 });
    expect(await mail.tables()).toEqual(expect.arrayContaining([names.recipient, names.event]));
    expect([await mail.standOf(passed), await mail.standOf(kept)]).toMatchObject([
      ERASED,
      { erased: false, recipients: 2, events: 1 },
    ]);
  });

  it('stay for one message that is not final', async () => {
    const names = await mail.month(month);
    const kept = await mail.message({ at: month, completedAt: null, batches: ['sending'], settledAt: null });
    await mail.retain(THIRTY).execute(aRun());
    expect(await mail.tables()).toEqual(expect.arrayContaining([names.recipient, names.event]));
    expect(await mail.standOf(kept)).toMatchObject({ recipients: 2, events: 1 });
  });

  it('of events stay for what happened in them to a message of an earlier one', async () => {
    const [names, earlier] = [await mail.month(month), await mail.month(before)];
    const scheduled = await mail.message({ at: before, category: 'marketing', eventsAt: [before, month] });
    await mail.message({ at: month });
    const { report } = await mail.retain({ days: { transactional: 30 } }).execute(aRun());
    expect(report.months).toEqual([names.recipient]);
    expect(await mail.standOf(scheduled)).toMatchObject({ recipients: 2, events: 2 });
    expect(await mail.tables()).toEqual(expect.arrayContaining([names.event, earlier.recipient, earlier.event]));
  });

  it('are not dropped while a transaction works in them, but the next time', async () => {
    const names = await mail.month(quiet);
    const writer = await mail.database.pool.connect();
    await writer.query(`BEGIN; LOCK TABLE ${names.recipient} IN ROW EXCLUSIVE MODE`);
    const result = await mail.retain(THIRTY).execute(aRun());
    await writer.query('ROLLBACK');
    writer.release();
    expect(result).toMatchObject({ ended: 'done', report: { monthsInUse: [names.recipient] } });
    expect(await mail.tables()).toContain(names.recipient);
    expect((await mail.retain(THIRTY).execute(aRun())).report.months).toEqual([names.recipient]);
  });

  it('are checked once more when no transaction can write to them any more', async () => {
    const names = await mail.month(quiet);
    const late = await mail.message({ at: quiet, completedAt: null, batches: ['sending'], settledAt: null });
    const writer = await mail.database.pool.connect();
    // As if it had been written by a transaction that is not visible yet.
    await mail.sql('UPDATE message SET erased_at = now() WHERE id = $1', late);
    await writer.query('BEGIN');
    await writer.query('UPDATE message SET erased_at = NULL WHERE id = $1', [late]);
    await writer.query('UPDATE recipient SET name = name WHERE message_id = $1', [late]);
    const run = mail.retain(THIRTY).execute(aRun());
    await mail.untilSomebodyWaits();
    await writer.query('COMMIT');
    writer.release();
    expect((await run).report.months).not.toContain(names.recipient);
    expect(await mail.standOf(late)).toMatchObject({ erased: false, recipients: 2 });
  });

  it('are never those that are not over', async () => {
    const before = await mail.tables();
    await mail.retain(THIRTY).execute(aRun());
    expect(await mail.tables()).toEqual(before);
  });

  it('keep rows until they go together, out of sight, where that is wanted', async () => {
    const byMonth = { ...THIRTY, byMonth: true };
    const names = await mail.month(month);
    const [recent, kept] = [
      await mail.message({ at: daysAgo(31) }),
      await mail.message({ at: month, completedAt: null }),
    ];
    const late = await mail.message({ at: month });
    await mail.retain(byMonth).execute(aRun());
    expect(await mail.standOf(recent)).toEqual({ ...ERASED, recipients: 2, events: 1 });
    // A month that something keeps from going is not waited for any longer.
    expect(await mail.standOf(late)).toEqual(ERASED);
    expect(await mail.standOf(kept)).toMatchObject({ erased: false, recipients: 2 });
    expect(await mail.tables()).toContain(names.recipient);
    const page = { before: undefined, limit: 10 };
    const found = await new RecipientRepository(mail.database).findByAddress(
      mail.clientId,
      'secret.0@example.com',
      page,
    );
    expect(found.map(({ messageId }) => messageId)).toEqual([kept]);
    const { rows: told } = await new EventRepository(mail.database).scan(
      { clientId: mail.clientId },
      { from: 1, to: 1e9, limit: 10 },
    );
    expect(told.map(({ messageId }) => messageId)).toEqual([kept]);
  });
});
