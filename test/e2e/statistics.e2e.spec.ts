import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  actorsAt,
  aMessage,
  aSender,
  eventually,
  freshDatabase,
  TestGateway,
  unique,
  type Actors,
} from '@gateway/testing';

type Counts = Readonly<Record<string, number>>;

interface Row {
  readonly key: string | null;
  readonly counts: Counts;
  readonly rates: Readonly<Record<string, number | null>>;
  readonly provider?: string;
  readonly providerCounts?: Readonly<Record<string, number | null>>;
  readonly differences?: Readonly<Record<string, number | null>>;
}

const GROUPS = ['date', 'hour', 'weekday', 'provider', 'template', 'category', 'tag', 'domain'];
const NAMES = ['requested', 'submitted', 'sent', 'delivered', 'opened', 'bounced', 'failed', 'suppressed'];

/** The figures as a scan of every recipient finds them. */
const SCAN = `
  SELECT count(*)::int AS requested,
    count(*) FILTER (WHERE b.submitted_at IS NOT NULL AND r.status IS DISTINCT FROM 'suppressed')::int AS submitted,
    count(*) FILTER (WHERE r.status IN ('sent', 'delivered'))::int AS sent,
    count(*) FILTER (WHERE r.status = 'delivered')::int AS delivered, count(r.opened_at)::int AS opened,
    count(*) FILTER (WHERE r.status = 'bounced')::int AS bounced,
    count(*) FILTER (WHERE coalesce(r.status, inherited_status(b.status)) IN ('failed', 'rejected', 'expired'))::int AS failed,
    count(*) FILTER (WHERE r.status = 'suppressed')::int AS suppressed
  FROM recipient r
  JOIN message m ON m.id = r.message_id
  LEFT JOIN batch b ON b.message_id = r.message_id AND r.position BETWEEN b.position_from AND b.position_to`;

/** Not the example that a sandbox has scheduled for another day. */
const UNTIL_NOW = `coalesce(m.send_at, m.created_at) < now() + interval '2 minutes'`;

describe('statistics', () => {
  const actors = {} as Actors & { sql: pg.Pool };
  let running: TestGateway;
  const [suppressed, domain, tag] = [`${unique('s-')}x@example.com`, 'mail.example.org', unique('tag-')];

  const read = async (query: Readonly<Record<string, string>> = {}): Promise<readonly Row[]> =>
    (await actors.gateway.get<{ data: readonly Row[] }>('/v1/statistics', query)).data;
  const scan = async (where = 'true'): Promise<Counts> =>
    (await actors.sql.query<Counts>(`${SCAN} WHERE ${where} AND ${UNTIL_NOW}`)).rows[0] ?? {};
  const total = (rows: readonly Row[]): Counts =>
    Object.fromEntries(NAMES.map((name) => [name, rows.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0)]));

  beforeAll(async () => {
    const databaseUrl = await freshDatabase();
    running = await TestGateway.start({
      databaseUrl,
      env: { NHN_API_VERSION: 'v1.7', NHN_SECRET_KEY: 'sandbox-nhn-secret-key' },
    });
    Object.assign(actors, actorsAt(running.address), { sql: new pg.Pool({ connectionString: databaseUrl }) });
    await mixedRun();
  }, 180_000);
  afterAll(async () => {
    await actors.sql.end();
    await running.stop();
  });

  async function mixedRun(): Promise<void> {
    const { gateway } = actors;
    await gateway.post('/v1/suppressions', { addresses: [suppressed], scope: 'marketing' });
    for (const provider of ['ncp', 'nhn']) {
      const message = () => aMessage().from(aSender()).through(provider);
      const id = unique('');
      await gateway.send(
        message()
          .to(`a${id}@${domain}`, `open@${id}.example.com`)
          .with({ tags: [tag, 'both'] }),
      );
      await gateway.send(message().to(suppressed, `b${id}@${domain}`).marketing());
      await gateway.send(
        message().to(`bounce+unknown_user@example.com`, `unsubscribed@${id}.example.com`, `c${id}@example.com`),
      );
      await gateway.send(message().to(`bounce+mailbox_full@example.com`, `late-bounce+unknown_user@${domain}`));
      const cancelled = await gateway.send(message().to(`d${id}@${domain}`).dueIn(60_000));
      await gateway.post(`/v1/messages/${cancelled.id}/cancel`, {});
    }
    // Refused as a whole, and in part.
    await gateway.send(aMessage().from(aSender()).through('nhn').to(`invalid@${domain}`));
    await gateway.send(aMessage().from(aSender()).through('nhn').to(`invalid@${domain}`, `e@${domain}`));
    await eventually(async () => {
      const { rows } = await actors.sql.query(
        `SELECT r.address, coalesce(r.status, inherited_status(b.status))::text AS status, b.reason_detail, b.provider
         FROM recipient r JOIN batch b ON b.message_id = r.message_id AND r.position BETWEEN b.position_from AND b.position_to
         WHERE coalesce(r.status, inherited_status(b.status)) BETWEEN 'queued' AND 'sending'`,
      );
      expect(rows).toEqual([]);
      const { rows: late } = await actors.sql.query(
        `SELECT FROM recipient WHERE opened_at IS NOT NULL OR (address LIKE 'late-bounce%' AND status = 'bounced')`,
      );
      expect(late.length).toBeGreaterThanOrEqual(2);
    }, 20_000);
  }

  it.each(GROUPS)('by %s are what a scan finds', async (groupBy) => {
    await eventually(async () => {
      const rows = await read({ groupBy });
      const twice = groupBy === 'tag' ? await scan(`'both' = ANY (m.tags)`) : {};
      const all = total(rows);
      const once = Object.fromEntries(NAMES.map((name) => [name, (all[name] ?? 0) - (twice[name] ?? 0)]));
      expect(once).toEqual(await scan());
    }, 5000);
  });

  it('hold something of everything', async () => {
    const figures = total(await read());
    for (const name of NAMES) expect([name, figures[name] ?? 0]).not.toEqual([name, 0]);
  });

  it('are the same before and after they are rolled up', async () => {
    const before = await Promise.all(GROUPS.map((groupBy) => read({ groupBy })));
    await actors.sql.query('SELECT roll_up_statistics(3)');
    expect(await Promise.all(GROUPS.map((groupBy) => read({ groupBy })))).toEqual(before);
    await actors.sql.query('SELECT roll_up_statistics(100000)');
    expect((await actors.sql.query('SELECT FROM statistic_delta')).rowCount).toBe(0);
    expect(await Promise.all(GROUPS.map((groupBy) => read({ groupBy })))).toEqual(before);
  });

  it('can be asked of a part', async () => {
    expect(await read({ groupBy: 'domain', domain: domain.toUpperCase() })).toMatchObject([
      { key: domain, counts: await scan(`r.address LIKE '%@${domain}'`) },
    ]);
    expect(total(await read({ tag, groupBy: 'provider' }))).toEqual(await scan(`'${tag}' = ANY (m.tags)`));
    expect(await read({ category: 'marketing', groupBy: 'category' })).toMatchObject([
      { key: 'marketing', counts: { requested: 4, suppressed: 2 }, rates: { suppressed: 0.5, submitted: 0.5 } },
    ]);
    expect(total(await read({ provider: 'nhn', domain }))).toEqual(
      await scan(`m.provider = 'nhn' AND r.address LIKE '%@${domain}'`),
    );
    expect((await read({ groupBy: 'provider' })).map(({ key }) => key).sort()).toEqual(['ncp', 'nhn']);
    expect(await read({ from: '2026-01-01', to: '2026-01-31' })).toEqual([]);
  });

  it('have the days, hours and weekdays of the time zone', async () => {
    const { rows } = await actors.sql.query<{ seoul: string; hour: string; day: string; utc: string }>(
      `SELECT to_char(created_at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD') AS seoul,
         to_char(created_at AT TIME ZONE 'Asia/Seoul', 'HH24') AS hour,
         to_char(created_at AT TIME ZONE 'Asia/Seoul', 'Dy') AS day, to_char(created_at AT TIME ZONE 'UTC', 'HH24') AS utc
       FROM message WHERE send_at IS NULL ORDER BY created_at LIMIT 1`,
    );
    const keys = async (query: Readonly<Record<string, string>>) => (await read(query)).map(({ key }) => key);
    expect(await keys({ groupBy: 'date' })).toContain(rows[0]?.seoul);
    expect(await keys({ groupBy: 'hour' })).toContain(rows[0]?.hour);
    expect(await keys({ groupBy: 'weekday' })).toContain(rows[0]?.day);
    expect(await keys({ groupBy: 'hour', timeZone: 'UTC' })).toContain(rows[0]?.utc);
  });

  it('of the providers are shown with ours, and with the differences', async () => {
    const rows = await read({ source: 'provider', groupBy: 'provider' });
    expect(rows.map(({ key, provider }) => [key, provider])).toEqual([
      ['ncp', 'ncp'],
      ['nhn', 'nhn'],
    ]);
    // NHN does not count recipients that it refused in its answer to an accepted request.
    expect(rows.map(({ differences }) => differences?.['requested'])).toEqual([0, -1]);
    const [ncp, nhn] = rows.map(({ counts, providerCounts }) => ({ ours: counts, theirs: providerCounts ?? {} }));
    expect(ncp?.theirs).toMatchObject({ requested: ncp?.ours['submitted'], opened: null });
    expect(nhn?.theirs).toMatchObject({ requested: Number(nhn?.ours['submitted']) - 1, opened: nhn?.ours['opened'] });
    for (const groupBy of ['date', 'hour', 'weekday']) {
      const parts = await read({ source: 'provider', groupBy });
      const sumOf = (name: 'providerCounts' | 'differences') =>
        parts.reduce((sum, row) => sum + Number(row[name]?.['requested']), 0);
      expect([groupBy, sumOf('differences')]).toEqual([groupBy, -1]);
      expect([groupBy, sumOf('providerCounts')]).toEqual([groupBy, Number(total(rows)['submitted']) - 1]);
    }
    // Mail that was not sent through the gateway.
    await actors.sql.query(`UPDATE statistic SET submitted = submitted - 1
      WHERE ctid = (SELECT ctid FROM statistic WHERE provider = 'nhn' AND domain IS NULL AND submitted > 0 LIMIT 1)`);
    expect((await read({ source: 'provider', groupBy: 'provider', provider: 'nhn' }))[0]?.differences).toMatchObject({
      requested: 0,
    });
  });

  it('name the account that did not report its own', async () => {
    const id = await actors.simulator.trouble({ kind: 'error_500', provider: 'nhn', operation: 'other', times: -1 });
    const { data, problems } = await actors.gateway.get<{
      data: readonly Row[];
      problems: readonly { provider: string; problem: { code: string } }[];
    }>('/v1/statistics', { source: 'provider', groupBy: 'provider' });
    await actors.simulator.endTrouble(id);
    expect(data.map(({ provider }) => provider)).toEqual(['ncp']);
    expect(problems).toMatchObject([{ provider: 'nhn', problem: { code: 'overloaded' } }]);
  });

  it('end with the last hour that a timestamp can name', async () => {
    const { to } = await actors.gateway.get<{ to: string }>('/v1/statistics', { to: '9999-12-31T23:59:59.999Z' });
    expect(to).toBe('9999-12-31T23:00:00.000Z');
  });

  it('refuse queries that they cannot answer', async () => {
    const codes = async (query: string) => {
      const { status, body } = await actors.gateway.call<{
        errors?: readonly { pointer: string; code: string }[];
      }>('GET', `/v1/statistics?${query}`);
      return [status, ...(body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)];
    };
    expect(await codes('groupBy=sender')).toEqual([422, '/groupBy not_allowed']);
    expect(await codes('timeZone=Asia/Kolkata')).toEqual([422, '/timeZone not_allowed']);
    expect(await codes('timeZone=Nowhere')).toEqual([422, '/timeZone not_allowed']);
    expect(await codes('from=2026-11-02&to=2026-11-01')).toEqual([422, '/to not_allowed']);
    expect(await codes('from=2020-01-01')).toEqual([422, '/from not_allowed']);
    expect(await codes('from=yesterday')).toMatchObject([422, expect.stringContaining('/from')]);
    expect(await codes('source=provider&groupBy=tag')).toEqual([422, '/groupBy not_allowed']);
    expect(await codes('source=provider&tag=x')).toEqual([422, '/tag not_allowed']);
    expect(await codes('what=x')).toEqual([422, '/what unknown_field']);
  });
});
