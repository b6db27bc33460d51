import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  unique,
  useSharedGateway,
  type MessageView,
  type PageView,
  type RecipientView,
} from '@gateway/testing';

const idsOf = ({ data }: PageView<MessageView>) => data.map(({ id }) => id);

describe('lists', () => {
  const actors = useSharedGateway('postgres');

  it('pages through messages, newest first, unmoved by new ones', async () => {
    const { gateway } = actors;
    const tag = unique('tag-');
    const send = async () => (await gateway.send(aMessage().with({ tags: [tag] }))).id;
    const sent = [await send(), await send(), await send(), await send(), await send()].reverse();
    const page = (query: Readonly<Record<string, string | number>>) =>
      gateway.get<PageView<MessageView>>('/v1/messages', { tag, limit: 2, ...query });
    const first = await page({});
    const added = await send();
    const second = await page({ cursor: first.nextCursor ?? '' });
    await send();
    const third = await page({ cursor: second.nextCursor ?? '' });
    expect([first, second, third].map(idsOf)).toEqual([sent.slice(0, 2), sent.slice(2, 4), sent.slice(4)]);
    expect(third.nextCursor).toBeNull();
    expect(idsOf(await page({ limit: 1000 }))).toEqual(expect.arrayContaining([added, ...sent]));
  });

  it('filters messages', async () => {
    const { gateway } = actors;
    const [tag, from, order] = [unique('tag-'), aSender(), unique('order-')];
    const marketing = await gateway.send(
      aMessage()
        .marketing()
        .through('nhn')
        .with({ tags: [tag, 'x'] }),
    );
    const held = await gateway.send(
      aMessage()
        .from(from)
        .dueIn(3_600_000)
        .with({ tags: [tag], metadata: { order } }),
    );
    const list = async (query: Readonly<Record<string, string>>) =>
      idsOf(await gateway.get<PageView<MessageView>>('/v1/messages', query));
    expect(await list({ tag })).toEqual([held.id, marketing.id]);
    expect(await list({ tag, category: 'marketing' })).toEqual([marketing.id]);
    expect(await list({ tag, provider: 'nhn' })).toEqual([marketing.id]);
    expect(await list({ tag, provider: 'ncp' })).toEqual([held.id]);
    expect(await list({ tag, status: 'scheduled' })).toEqual([held.id]);
    expect(await list({ from: from.toUpperCase() })).toEqual([held.id]);
    expect(await list({ 'metadata[order]': order })).toEqual([held.id]);
    expect(await list({ 'metadata[order]': 'other', tag })).toEqual([]);
    expect(await list({ tag, createdAfter: marketing.createdAt })).toEqual([held.id]);
    expect(await list({ tag, createdBefore: held.createdAt })).toEqual([marketing.id]);
    const [entry] = (await gateway.get<PageView<MessageView>>('/v1/messages', { 'metadata[order]': order })).data;
    expect(entry).toMatchObject({ metadata: { order }, tags: [tag], counts: { scheduled: 1 } });
  });

  it('pages through recipients in the order of the request, and filters them', async () => {
    const { gateway } = actors;
    const message = aMessage()
      .through('ncp')
      .toRecipients(
        { address: 'a@example.com', name: 'Kim' },
        { address: 'bounce+unknown_user.1@example.com' },
        { address: 'B@EXAMPLE.com' },
        { address: 'bounce+unknown_user.2@example.com' },
        { address: 'x@도메인.한국' },
      );
    const { id } = await gateway.deliver(message);
    const path = `/v1/messages/${id}/recipients`;
    const all = await gateway.all<RecipientView>(path, { limit: 2 });
    expect(all.map(({ position, address, name }) => [position, address, name])).toEqual([
      [0, 'a@example.com', 'Kim'],
      [1, 'bounce+unknown_user.1@example.com', null],
      [2, 'B@example.com', null],
      [3, 'bounce+unknown_user.2@example.com', null],
      [4, 'x@xn--hq1bm8jm9l.xn--3e0b707e', null],
    ]);
    const bounced = await gateway.all<RecipientView>(path, { status: 'bounced', limit: 1 });
    expect(bounced.map(({ position }) => position)).toEqual([1, 3]);
    const [found] = await gateway.all<RecipientView>(path, { address: 'b@example.COM' });
    expect(found).toMatchObject({ position: 2, status: 'delivered' });
  });

  it('pages through the timeline without losing or repeating an event', async () => {
    const { gateway } = actors;
    const { id } = await gateway.deliver(aMessage().through('ncp').toMany(7));
    const whole = await gateway.events(id);
    const pieces = await gateway.all<{ id: string }>(`/v1/messages/${id}/events`, { limit: 3 });
    expect(pieces.map((event) => event.id)).toEqual(whole.map((event) => event.id));
    expect(whole.filter(({ type }) => type === 'recipient.delivered').length).toBe(7);
  });

  it('pages through batches', async () => {
    const { gateway } = actors;
    const { id } = await gateway.send(aMessage().through('nhn').toMany(2100).dueIn(3_600_000));
    const batches = await gateway.all<{ positionFrom: number }>(`/v1/messages/${id}/batches`, { limit: 1 });
    expect(batches.map(({ positionFrom }) => positionFrom)).toEqual([0, 1000, 2000]);
  });

  it('lists everything that was sent to an address', async () => {
    const { gateway } = actors;
    const address = `${unique('r.')}@example.com`;
    const [first, second] = [
      await gateway.deliver(aMessage().to(address)),
      await gateway.deliver(aMessage().to(address)),
    ];
    const found = await gateway.all<RecipientView>('/v1/recipients', { address: address.toUpperCase(), limit: 1 });
    expect(found.map(({ messageId, status }) => [messageId, status])).toEqual([
      [second.id, 'delivered'],
      [first.id, 'delivered'],
    ]);
  });

  it.each([
    ['/v1/messages?limit=0', '/limit'],
    ['/v1/messages?limit=1001', '/limit'],
    ['/v1/messages?limit=ten', '/limit'],
    ['/v1/messages?cursor=nonsense', '/cursor'],
    ['/v1/messages?cursor=IjEi', '/cursor'],
    ['/v1/messages?status=lost', '/status'],
    ['/v1/messages?createdAfter=yesterday', '/createdAfter'],
    ['/v1/messages?colour=red', '/colour'],
    ['/v1/messages?limit=1&limit=2', '/limit'],
    ['/v1/messages?tag=a&tag=b', '/tag'],
    ['/v1/recipients', '/address'],
  ])('refuses %s', async (path, pointer) => {
    const { gateway } = actors;
    const { status, body } = await gateway.call('GET', path);
    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  const NUL = '%00';
  const HALF_CHARACTER = '%ED%A0%80';
  const farAway = Buffer.from('99999999999').toString('base64url');

  it.each([
    `/v1/messages?tag=${NUL}`,
    `/v1/messages?from=a${NUL}`,
    `/v1/messages?provider=${NUL}`,
    `/v1/messages?metadata[a]=${NUL}`,
    `/v1/messages?metadata[${NUL}]=a`,
    `/v1/messages?tag=${HALF_CHARACTER}`,
    `/v1/messages?tag=%`,
    `/v1/messages?__proto__=1`,
    `/v1/messages?createdAfter=0000-01-01T00:00:00Z`,
    `/v1/recipients?address=${NUL}`,
    `/v1/messages/ID/recipients?address=${NUL}`,
    `/v1/messages/ID/recipients?cursor=${farAway}`,
    `/v1/messages/ID/batches?cursor=${farAway}`,
    `/v1/messages/ID/events?cursor=${Buffer.from('{"row":"x","told":0}').toString('base64url')}`,
    `/v1/messages/ID?waitFor=final&timeout=1e9`,
  ])('never fails at %s', async (path) => {
    const { gateway } = actors;
    const { id } = await gateway.send(aMessage().dueIn(3_600_000));
    const { status } = await gateway.call('GET', path.replace('ID', id));
    expect(status).toBeLessThan(500);
  });
});
