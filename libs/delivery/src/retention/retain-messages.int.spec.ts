import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeId } from '@gateway/core';
import {
  AttachmentRepository,
  Database,
  ListedRecipientRepository,
  RetentionRepository,
  TrackingRepository,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { aDatabase, eventually } from '@gateway/testing';
import { PlanRetentionService } from './plan-retention.service.js';
import { RetainMessagesService } from './retain-messages.service.js';
import { aPolicy, aRun, daysAgo, ERASED, monthsAgo, OldMail, THIRTY } from './retention.fixture.js';

describe(RetainMessagesService.name, () => {
  let mail: OldMail;

  beforeAll(async () => {
    mail = new OldMail(await aDatabase(10));
    await mail.begin();
  });
  beforeEach(() => mail.clear());
  afterAll(() => mail.database.close());

  const sql: OldMail['sql'] = (...args) => mail.sql(...args);

  describe('what it erases', () => {
    it('is everything that could identify a person, and no mere numbers', async () => {
      const id = await mail.message({ at: daysAgo(40), recipients: 3, batches: ['settled', 'failed'] });
      const kept = `SELECT id, client_id, category, status, counts, recipient_count, routing::text, tags, completed_at
        FROM message WHERE id = $1`;
      const batches = `SELECT id, status, counts, position_from, position_to, recipient_count FROM batch ORDER BY id`;
      const attempts = `SELECT id, outcome, provider_code, marker, started_at FROM attempt ORDER BY id`;
      const stays = (): Promise<unknown> => Promise.all([sql(kept, id), sql(batches), sql(attempts)]);
      const [before, deltas] = [await stays(), await sql('SELECT * FROM statistic_delta ORDER BY id')];
      expect((await mail.standOf(id)).secrets).toBeGreaterThan(0);
      const { report, ended } = await mail.retain(THIRTY).execute(aRun());
      expect(await mail.standOf(id)).toEqual(ERASED);
      expect(await stays()).toEqual(before);
      expect(await sql('SELECT * FROM statistic_delta ORDER BY id')).toEqual(deltas);
      expect([ended, report]).toEqual([
        'done',
        expect.objectContaining({
          erased: {
            authentication: { messages: 0, recipients: 0 },
            transactional: { messages: 1, recipients: 6 },
            marketing: { messages: 0, recipients: 0 },
          },
          recipients: 6,
          events: 1,
        }),
      ]);
    });

    it('is by category, from the day that each has', async () => {
      const make = (category: 'authentication' | 'transactional' | 'marketing', days: number) =>
        mail.message({ at: daysAgo(days), category });
      const [code, receipt, oldReceipt, advert] = [
        await make('authentication', 8),
        await make('transactional', 8),
        await make('transactional', 91),
        await make('marketing', 4000),
      ];
      await mail.retain({ days: { authentication: 7, transactional: 90 } }).execute(aRun());
      const stands = await Promise.all([code, receipt, oldReceipt, advert].map((id) => mail.standOf(id)));
      expect(stands.map(({ erased }) => erased)).toEqual([true, false, true, false]);
      expect(stands[3]).toMatchObject({ recipients: 2, events: 1 });
    });

    it('is nothing as long as no period is set', async () => {
      const id = await mail.message({ at: daysAgo(4000) });
      await mail.retain({}).execute(aRun());
      expect(await mail.standOf(id)).toMatchObject({ erased: false, recipients: 2 });
    });

    it.each([
      ['is not settled', { completedAt: null, batches: ['sending'], settledAt: null }],
      ['has a batch that is still followed', { batches: ['settled', 'sending'] }],
      ['waits for a verdict', { batches: ['unconfirmed'], settledAt: null }],
      ['was settled long ago and final only now', { settledAt: daysAgo(2) }],
      ['was settled only now', { completedAt: daysAgo(2), settledAt: null, batches: ['cancelled'] }],
    ])('is no message that %s', async (_, state) => {
      const id = await mail.message({ at: daysAgo(400), ...state });
      const before = await mail.standOf(id);
      await mail.retain(THIRTY).execute(aRun());
      expect(await mail.standOf(id)).toEqual(before);
      expect(before).toMatchObject({ erased: false, secrets: expect.any(Number) });
    });

    it('is never a suppression', async () => {
      await sql(
        `INSERT INTO suppression (address, scope, source, created_at) VALUES ('secret.0@example.com', 'all', 'api', $1)`,
        daysAgo(9000),
      );
      await mail.message({ at: daysAgo(400) });
      await mail.retain({ ...THIRTY, dropDays: 40 }).execute(aRun());
      expect(await sql('SELECT address FROM suppression')).toEqual([{ address: 'secret.0@example.com' }]);
    });

    it('is also the stored answer, whose key stays', async () => {
      const [id, other] = [await mail.message({ at: daysAgo(40) }), await mail.message({ at: daysAgo(4) })];
      for (const told of [id, other]) {
        const body = {
          id: encodeId('message', told),
          subject: 'Secret',
          metadata: { a: 'Secret' },
          warnings: ['Secret'],
        };
        await sql(
          `INSERT INTO idempotency_key (client_id, key, request_hash, status, headers, response)
           VALUES ($1, $2, '', 202, json_build_object('location', '/v1/messages/' || $3::text), convert_to($4, 'UTF8'))`,
          ...[mail.clientId, told, body.id, JSON.stringify(body)],
        );
      }
      await mail.retain(THIRTY).execute(aRun());
      const rows = await sql(`SELECT key, status, convert_from(response, 'UTF8') AS body FROM idempotency_key`);
      const answers = Object.fromEntries(rows.map(({ key, body }) => [key, JSON.parse(String(body))]));
      expect(answers[id]).toEqual({
        id: encodeId('message', id),
        subject: null,
        metadata: {},
        warnings: [],
        erasedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
      expect(answers[other]).toMatchObject({ subject: 'Secret' });
    });

    it('is a file, once nothing refers to it', async () => {
      const [alone, shared, templated, unused] = [newUuid(), newUuid(), newUuid(), newUuid()];
      for (const id of [alone, shared, templated, unused]) {
        await sql(
          `INSERT INTO attachment (id, client_id, name, size, content_type, sha256) VALUES ($1, $2, 'a', 1, 'a/b', '')`,
          ...[id, mail.clientId],
        );
      }
      const template = newUuid();
      await sql(
        'INSERT INTO template (id, client_id, name) VALUES ($1::uuid, $2, $1::uuid::text)',
        template,
        mail.clientId,
      );
      await sql(
        `INSERT INTO template_version (template_id, version, subject, attachment_ids) VALUES ($1, 1, 's', $2)`,
        ...[template, [templated]],
      );
      await mail.message({ at: daysAgo(40), attachmentIds: [alone, shared, templated] });
      await mail.message({ at: daysAgo(4), attachmentIds: [shared] });
      const { report } = await mail.retain(THIRTY).execute(aRun());
      expect(report.attachments).toBe(1);
      expect(await sql('SELECT id FROM attachment WHERE deleted_at IS NOT NULL')).toEqual([{ id: alone }]);
    });

    it('is not a file that a message takes at that moment', async () => {
      const file = newUuid();
      await sql(
        `INSERT INTO attachment (id, client_id, name, size, content_type, sha256) VALUES ($1, $2, 'a', 1, 'a/b', '')`,
        ...[file, mail.clientId],
      );
      await mail.message({ at: daysAgo(40), attachmentIds: [file] });
      const young = await mail.message({ at: daysAgo(1) });
      const accepting = await mail.database.pool.connect();
      await accepting.query('BEGIN');
      await new AttachmentRepository(mail.database).hold(accepting, [file]);
      await accepting.query('UPDATE message SET attachment_ids = $2 WHERE id = $1', [young, [file]]);
      const run = mail.retain(THIRTY).execute(aRun());
      await mail.untilSomebodyWaits();
      await accepting.query('COMMIT');
      accepting.release();
      expect((await run).report).toMatchObject({ attachments: 0, recipients: 2 });
      expect(await sql('SELECT FROM attachment WHERE deleted_at IS NULL')).toHaveLength(1);
    });

    it('is deleted whole after the second period, once its figures are added up', async () => {
      const [old, young, waiting] = [
        await mail.message({ at: daysAgo(400) }),
        await mail.message({ at: daysAgo(40) }),
        await mail.message({ at: daysAgo(400) }),
      ];
      await sql('DELETE FROM statistic_delta WHERE message_id <> $1', waiting);
      await sql(
        `INSERT INTO idempotency_key (client_id, key, request_hash, status, headers, response)
         VALUES ($1, 'k', '', 202, json_build_object('location', '/v1/messages/' || $2::text), convert_to('{}', 'UTF8'))`,
        ...[mail.clientId, encodeId('message', old)],
      );
      const { report } = await mail.retain({ ...THIRTY, dropDays: 365 }).execute(aRun());
      expect(report.dropped).toBe(1);
      const left = (await sql('SELECT id FROM message')).map(({ id }) => id);
      expect(left.sort()).toEqual([young, waiting].sort());
      expect(await sql('SELECT FROM batch WHERE message_id = $1', old)).toEqual([]);
      expect(await sql('SELECT FROM idempotency_key')).toEqual([]);
    });
  });

  describe('runs', () => {
    it('work in bounded pieces, and count what they do', async () => {
      await mail.message({ at: daysAgo(40), recipients: 25_000 });
      const seen: number[] = [];
      await mail.retain(THIRTY).execute(aRun({ onProgress: ({ recipients }) => void seen.push(recipients) }));
      expect(seen).toEqual([0, 10_000, 20_000, 25_000]);
    });

    it('go on where another one was lost, wherever that was', async () => {
      const names = await mail.month(monthsAgo(13));
      const ids: string[] = [];
      for (const at of [monthsAgo(13), daysAgo(41), daysAgo(42)]) ids.push(await mail.message({ at, recipients: 3 }));
      const kept = await mail.message({ at: daysAgo(42), completedAt: null, batches: ['sending'], settledAt: null });
      const untouched = await mail.standOf(kept);
      let [lost, steps] = [0, 0];
      for (let ended = false; !ended; lost += 1) {
        steps = 0;
        ended = await mail
          .retain(THIRTY)
          .execute(aRun({ onProgress: () => ((steps += 1) > 0 ? lose() : undefined) }))
          .then(
            () => true,
            () => false,
          );
        expect(await mail.standOf(kept)).toEqual(untouched);
      }
      expect(lost).toBeGreaterThan(3);
      for (const id of ids) expect(await mail.standOf(id)).toEqual(ERASED);
      expect(await mail.tables()).not.toContain(names.recipient);
      expect(await sql('SELECT FROM message WHERE erasing')).toEqual([]);
    });

    it('leave nothing half done when their connection is cut in a piece of work', async () => {
      const id = await mail.message({ at: daysAgo(40) });
      const before = await mail.standOf(id);
      const url = String(mail.database.pool.options.connectionString);
      const onError = (): void => undefined;
      const lost = new OldMail(new Database({ url, connections: 1, applicationName: 'lost', onError }));
      const holder = await mail.database.pool.connect();
      await holder.query('BEGIN');
      // Messages and batches are written by then, the attempts are waited for.
      await holder.query('LOCK TABLE attempt IN ACCESS EXCLUSIVE MODE');
      const outcome = lost
        .retain(THIRTY)
        .execute(aRun())
        .then(
          () => 'done',
          () => 'lost',
        );
      await eventually(async () => {
        const cut = await sql(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'lost' AND wait_event_type = 'Lock' AND datname = current_database()`,
        );
        if (cut.length === 0) throw new Error('not yet');
      });
      expect(await outcome).toBe('lost');
      await holder.query('ROLLBACK');
      holder.release();
      await lost.database.close();
      expect(await mail.standOf(id)).toEqual(before);
      await mail.retain(THIRTY).execute(aRun());
      expect(await mail.standOf(id)).toEqual(ERASED);
    });

    it('take turns, and do everything once', async () => {
      for (let n = 0; n < 1200; n += 1) await mail.message({ at: daysAgo(40), recipients: 1, eventsAt: [] });
      const results = await Promise.all([1, 2, 3].map(() => mail.retain(THIRTY).execute(aRun())));
      const sum = (read: (report: (typeof results)[number]['report']) => number): number =>
        results.reduce((total, { report }) => total + read(report), 0);
      expect(results.map(({ ended }) => ended)).toEqual(['done', 'done', 'done']);
      expect(sum(({ erased }) => erased.transactional.messages)).toBe(1200);
      expect(sum(({ recipients }) => recipients)).toBe(1200);
      expect(await sql('SELECT FROM message WHERE erased_at IS NULL OR erasing')).toEqual([]);
    });

    it('leave it to the one that is at it, when they do not wait', async () => {
      const id = await mail.message({ at: daysAgo(40) });
      const other = await mail.database.pool.connect();
      await other.query('BEGIN; SELECT pg_advisory_xact_lock(7306)');
      const result = await mail.retain(THIRTY).execute(aRun({ wait: false }));
      await other.query('ROLLBACK');
      other.release();
      expect([result.ended, await mail.standOf(id)]).toEqual(['busy', expect.objectContaining({ erased: false })]);
    });

    it('stop after the current piece of work when they are asked to', async () => {
      const id = await mail.message({ at: daysAgo(40) });
      const stop = new AbortController();
      const { ended } = await mail
        .retain(THIRTY)
        .execute(aRun({ signal: stop.signal, onProgress: () => stop.abort() }));
      expect([ended, await mail.standOf(id)]).toEqual(['stopped', { ...ERASED, recipients: 2, events: 1 }]);
    });
  });

  describe('a plan', () => {
    it('reports what a run would do, and changes nothing', async () => {
      const names = await mail.month(monthsAgo(13));
      await mail.month(monthsAgo(14));
      await mail.message({ at: monthsAgo(13), recipients: 4 });
      await mail.message({ at: monthsAgo(14) });
      const kept = await mail.message({ at: monthsAgo(14), category: 'marketing' });
      const before = await mail.standOf(kept);
      const policy = { days: { transactional: 30 }, dropDays: 60 };
      const plan = await new PlanRetentionService(new RetentionRepository(mail.database), {
        retention: aPolicy(policy),
      }).execute();
      expect(plan.categories).toEqual([{ category: 'transactional', messages: 2, recipients: 6 }]);
      expect(plan.drops).toBe(2);
      const fates = plan.months.map(({ name, messages, passed, goes }) => [name, messages, passed, goes]);
      expect(fates).toEqual(
        expect.arrayContaining([
          [names.event, 1, 1, true],
          [names.recipient, 1, 1, true],
        ]),
      );
      expect(plan.months.filter(({ goes }) => !goes).map(({ messages, passed }) => [messages, passed])).toEqual([
        [2, 1],
        [2, 1],
      ]);
      expect(await mail.standOf(kept)).toEqual(before);
      await sql('DELETE FROM statistic_delta');
      const { report } = await mail.retain(policy).execute(aRun());
      expect(report).toMatchObject({ erased: { transactional: { messages: 2, recipients: 6 } }, dropped: 2 });
      expect(report.months).toEqual(plan.months.filter(({ goes }) => goes).map(({ name }) => name));
    });
  });

  describe('a poll that comes late', () => {
    it('finds nothing to follow, and restores no recipient', async () => {
      const id = await mail.message({ at: daysAgo(40) });
      const tracking = new TrackingRepository(mail.database);
      const [row] = await sql('SELECT id FROM batch WHERE message_id = $1', id);
      const locked = () => mail.database.transaction((tx) => tracking.lock(tx, [String(row?.['id'])]));
      const [batch] = [...(await locked()).values()];
      if (batch === undefined) throw new Error('no batch');
      await mail.retain(THIRTY).execute(aRun());
      expect((await locked()).size).toBe(0);
      const reports = [{ address: 'secret.9@example.com', status: 'delivered' as const }];
      const met = await new ListedRecipientRepository().insert(mail.database.pool, batch, reports);
      await tracking.failPoll(batch.id, 0);
      expect(met.inserted).toBe(0);
      expect(await mail.standOf(id)).toEqual(ERASED);
      expect(await sql('SELECT next_poll_at FROM batch WHERE id = $1', batch.id)).toEqual([{ next_poll_at: null }]);
    });
  });
});

const lose = (): never => {
  throw new Error('the process is lost');
};
