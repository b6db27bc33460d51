import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { aDatabase, GivenRows, type GivenMessage } from '@gateway/testing';
import type { Database } from '../database.js';
import { LOOKED_AT, messagePage, messageSearch, SEARCHED, type MessageFilter } from './message-page.js';
import { FIND_FIRST_ADDRESSES, findSummariesAmong } from './message-state.sql.js';
import { MessageStateRepository } from './message-state.repository.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly Plans?: readonly Plan[];
}

/** More than a planner reads one by one. */
const OTHERS = 60_000;
const DAY_MS = 86_400_000;

/** Filters of the list of messages: found by an index, or bounded where no index can find them. */
describe('filters of the list of messages', () => {
  let database: Database;
  let wanted: GivenMessage;

  beforeAll(async () => {
    database = await aDatabase(2);
    wanted = await new GivenRows(database).message({ batches: [3] });
    await database.pool.query(
      `INSERT INTO message (id, client_id, category, delivery, requested_provider, provider, from_address, subject, on_quota,
         recipient_count, batch_count, counts, routing, tags, warnings)
       SELECT uuidv7(), client_id, category, delivery, requested_provider, provider, from_address, subject || ' ' || n, on_quota, 1,
         1, counts, routing, ARRAY['tag-' || n % 1000], warnings
       FROM message CROSS JOIN generate_series(1, $2::int) AS n WHERE message.id = $1`,
      [wanted.messageId, OTHERS],
    );
    await database.pool.query(
      `INSERT INTO recipient (message_id, position, address, type)
       SELECT id, 0, 'other.' || row_number() OVER () || '@example.com', 'to' FROM message WHERE id <> $1`,
      [wanted.messageId],
    );
    await database.pool.query('ANALYZE message, recipient');
  });
  afterAll(() => database.close());

  async function planOf(text: string, values: readonly unknown[]): Promise<readonly Plan[]> {
    const explained = await database.pool.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      [...values],
    );
    const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
    return nodes(explained.rows[0]?.['QUERY PLAN'][0]?.Plan as Plan);
  }
  /** Tables that were read from end to end; a partition without rows costs nothing. */
  const scans = (plan: readonly Plan[]): readonly string[] =>
    plan
      .filter((node) => node['Node Type'] === 'Seq Scan' && (node['Actual Rows'] ?? 0) > 0)
      .map((node) => node['Relation Name'] ?? '');
  /** Rows that were taken out of tables. */
  const read = (plan: readonly Plan[]): number =>
    plan
      .filter((node) => node['Relation Name'] !== undefined)
      .reduce((sum, node) => sum + (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1), 0);

  it.each([['to', { to: 'other.77@example.com' }]] as const)('finds %s by an index', async (_name, filter) => {
    const { text, values } = messageSearch(wanted.clientId, filter, undefined);
    const plan = await planOf(text, values);
    expect(scans(plan)).toEqual([]);
    expect(read(plan)).toBeLessThan(20);
    const found = await new MessageStateRepository(database).findPage(wanted.clientId, filter, { limit: 10 });
    expect(found.rows).toHaveLength(1);
  });

  it('finds a tag by an index', async () => {
    const { found, where, values } = messagePage(wanted.clientId, { tag: 'tag-7' }, undefined);
    const plan = await planOf(`${findSummariesAmong({ found, where, most: LOOKED_AT })} LIMIT 51`, values);
    expect(scans(plan)).toEqual([]);
    expect(read(plan)).toBeLessThan(1000);
  });

  it.each<[string, MessageFilter]>([
    ['subject that no message has', { subject: 'no such words' }],
    ['subject with a wildcard', { subject: '%' }],
    ['subject with a backslash', { subject: '\\' }],
  ])('looks at a bounded number of messages for a %s, and its cursor leads on', async (_name, filter) => {
    const { text, values } = messageSearch(wanted.clientId, filter, undefined);
    // Each that is looked at is read by its key, and once in the order of the list.
    expect(read(await planOf(text, values))).toBeLessThanOrEqual(2 * SEARCHED + 100);
    // 60,001 messages, 10,000 at a time.
    expect(await pagesOf(filter)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  /** How many messages the pages hold, to the last one. */
  async function pagesOf(filter: MessageFilter): Promise<readonly number[]> {
    const repository = new MessageStateRepository(database);
    const pages: number[] = [];
    for (let before: string | undefined, more = true; more;) {
      const page = await repository.findPage(wanted.clientId, filter, { limit: 10, ...(before && { before }) });
      pages.push(page.rows.length);
      before = page.searchedTo;
      more = before !== undefined;
    }
    return pages;
  }

  /** The plans of all statements by which the repository finds a page: as it asks, not as a test would. */
  async function plansOfPage(filter: MessageFilter): Promise<readonly Plan[]> {
    const asked = jest.spyOn(database.pool, 'query');
    await new MessageStateRepository(database).findPage(wanted.clientId, filter, { limit: 10 });
    const calls = [...(asked.mock.calls as unknown as (readonly [text: string, values: readonly unknown[]])[])];
    asked.mockRestore();
    expect(calls).not.toEqual([]);
    const plans: Plan[] = [];
    for (const [text, values] of calls) plans.push(...(await planOf(text, values)));
    return plans;
  }

  it.each<[string, MessageFilter, readonly number[], number]>([
    ['status that no message has', { status: 'failed' }, [0, 0], LOOKED_AT],
    ['sender of no message', { from: 'no.one@shop.example.com' }, [0, 0], LOOKED_AT],
    ['time that is soon', { createdAfter: new Date(Date.now() + DAY_MS / 2) }, [0, 0], LOOKED_AT],
    ['time long after the last message', { createdAfter: new Date(Date.now() + 3 * DAY_MS) }, [0], LOOKED_AT],
    ['time long before the first message', { createdBefore: new Date(Date.now() - 3 * DAY_MS) }, [0], 0],
  ])('looks at a bounded number of messages for a %s', async (_name, filter, pages, most) => {
    expect(read(await plansOfPage(filter))).toBeLessThanOrEqual(2 * most + 100);
    expect(await pagesOf(filter)).toEqual(pages);
  });

  it('looks no further when a page is full', async () => {
    expect(read(await plansOfPage({ category: 'transactional' }))).toBeLessThan(100);
  });

  it('finds the first recipients of a page by key', async () => {
    const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM message ORDER BY id DESC LIMIT 50');
    const ids = rows.map(({ id }) => id);
    const plan = await planOf(FIND_FIRST_ADDRESSES, [ids]);
    expect(scans(plan)).toEqual([]);
    expect(read(plan)).toBeLessThanOrEqual(ids.length);
    const repository = new MessageStateRepository(database);
    const found = await repository.findFirstAddresses([...ids, wanted.messageId]);
    expect(found.size).toBe(ids.length + 1);
    expect(found.get(wanted.messageId)).toMatch(/^r\.0@/);
    expect((await repository.findFirstAddresses([])).size).toBe(0);
  });
});
