import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  SlowUpload,
  useOwnGateway,
  type EventView,
  type GatewayAddress,
  type MessageView,
  type PageView,
} from '@gateway/testing';
import { WebhookReceiver } from '../support/webhook-receiver.js';

interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: EventView;
}

/** Before the first event. */
const START = Buffer.from('{"position":1,"told":0}').toString('base64url');

/** Reads a stream of Server-Sent Events, as a browser does. */
class EventStream {
  readonly events: StreamedEvent[] = [];
  status = 0;
  headers = new Headers();
  lastId: string | undefined;
  ended = false;
  private readonly stopping = new AbortController();
  private readonly done: Promise<void>;

  constructor({ apiUrl, apiKey }: GatewayAddress, query = '', headers: Readonly<Record<string, string>> = {}) {
    this.done = this.read(`${apiUrl}/v1/events/stream${query}`, { authorization: `Bearer ${apiKey}`, ...headers });
  }

  get ids(): readonly string[] {
    return this.events.map(({ data }) => data.id);
  }

  /** Until the answer has begun. */
  async open(): Promise<this> {
    await eventually(async () => expect(this.lastId).toBeDefined());
    return this;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private async read(url: string, headers: Record<string, string>): Promise<void> {
    try {
      const response = await fetch(url, { headers, signal: this.stopping.signal });
      this.status = response.status;
      this.headers = response.headers;
      let text = '';
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch {
      // Stopped, or the connection is gone.
    } finally {
      this.ended = true;
    }
  }

  private take(block: string): void {
    const field = (name: string): string | undefined =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    this.lastId = field('id') ?? this.lastId;
    const data = field('data');
    if (data === undefined) return;
    this.events.push({ id: field('id') ?? '', event: field('event') ?? '', data: JSON.parse(data) as EventView });
  }
}

describe('the log of events', () => {
  const actors = useOwnGateway();
  const streams: EventStream[] = [];
  afterEach(async () => {
    for (const stream of streams.splice(0)) await stream.stop();
  });

  const listen = (query = '', headers: Readonly<Record<string, string>> = {}): EventStream => {
    const stream = new EventStream(actors.address, query, headers);
    streams.push(stream);
    return stream;
  };
  const feed = (query: Readonly<Record<string, string | number>>): Promise<PageView<EventView>> =>
    actors.gateway.get('/v1/events', query);

  /** Follows the feed at its tail, with an answer that is lost or a restart in between, until `isOver`. */
  async function follow(isOver: () => boolean): Promise<readonly string[]> {
    const seen: string[] = [];
    for (let cursor: string | undefined, emptyAfter = 0; emptyAfter < 3;) {
      const over = isOver();
      const page = await feed({ limit: 50, ...(cursor !== undefined && { cursor }) }).catch(() => undefined);
      if (page === undefined) continue;
      for (const { id } of page.data) seen.push(id);
      cursor = page.nextCursor ?? cursor;
      emptyAfter = over && page.data.length === 0 ? emptyAfter + 1 : 0;
    }
    return seen;
  }
  const readAll = async (): Promise<readonly EventView[]> => {
    const all: EventView[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await feed({ limit: 1000, ...(cursor !== undefined && { cursor }) });
      if (page.data.length === 0) return all;
      all.push(...page.data);
      cursor = page.nextCursor ?? undefined;
    }
  };
  /** A stream that is cut off now and then, and connects again where it was. */
  async function resume(isOver: () => boolean): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let lastId = START; ;) {
      const stream = new EventStream(actors.address, '', { 'Last-Event-ID': lastId });
      for (let ms = 0; ms < 1500 && !stream.ended && !isOver(); ms += 20) await sleep(20);
      if (isOver()) await sleep(2000);
      await stream.stop();
      ids.push(...stream.ids);
      lastId = stream.events.at(-1)?.id ?? lastId;
      if (isOver()) return ids;
    }
  }

  it('tells every event once, in one order, by feed, stream and webhook, while processes are killed', async () => {
    const { gateway, running, address } = actors;
    const receiver = await WebhookReceiver.start();
    const endpoint = { url: receiver.url, from: START, ordered: true, batch: { maxEvents: 200, maxWaitMs: 100 } };
    const registered = await gateway.post<{ id: string }>('/v1/webhook-endpoints', endpoint);
    expect(registered.status).toBe(201);
    let isOver = false;
    const followers = [follow(() => isOver), resume(() => isOver)];
    const accepted: string[] = [];
    const upload = new SlowUpload(address, { path: '/v1/messages', type: 'application/x-ndjson' });
    upload.write(
      `${JSON.stringify({ from: 'news@example.com', subject: 'Hi', text: 'Hello', category: 'marketing' })}\n`,
    );
    const streamed = (async () => {
      for (let n = 0; n < 30; n += 1) {
        upload.write(Array.from({ length: 50 }, (_, i) => `{"address":"s.${n}.${i}@example.com"}\n`).join(''));
        await sleep(100);
      }
      upload.end();
      await eventually(async () => expect(upload.answer).toContain('202'));
    })();
    const singles = async (): Promise<void> => {
      for (let n = 0; n < 40; n += 1) accepted.push((await gateway.send(aMessage().from(aSender()))).id);
    };
    const batches = async (): Promise<void> => {
      for (let n = 0; n < 3; n += 1) {
        const messages = Array.from({ length: 100 }, () => aMessage().from(aSender()).build());
        const { body } = await gateway.post<{ results: { id: string }[] }>('/v1/messages/batch', { messages });
        accepted.push(...body.results.map(({ id }) => id));
      }
    };
    const cancelled = async (): Promise<void> => {
      for (let n = 0; n < 10; n += 1) {
        const { id } = await gateway.send(aMessage().toMany(3).dueIn(3_600_000));
        await gateway.post(`/v1/messages/${id}/cancel`);
        accepted.push(id);
      }
    };
    const kills = async (): Promise<void> => {
      for (let n = 0; n < 2; n += 1) {
        await sleep(700);
        await running.end('worker', 'SIGKILL');
        await running.start('worker');
      }
    };
    await Promise.all([streamed, singles(), singles(), singles(), batches(), cancelled(), kills()]);
    for (const id of accepted) await gateway.waitUntilFinal(id);
    upload.abort();
    const large = /msg_[0-9a-z]{26}/.exec(upload.answer)?.[0] ?? '';
    await gateway.waitUntilFinal(large);
    isOver = true;
    const all = await readAll();
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const mine = new Set([...accepted, large]);
    const count = (...types: readonly string[]): number =>
      all.filter(({ type, messageId }) => types.includes(type) && mine.has(messageId)).length;
    expect(count('message.accepted', 'message.scheduled')).toBe(mine.size);
    expect(count('message.completed')).toBe(mine.size);
    expect(count('recipient.delivered')).toBe(120 + 300 + 1500);
    expect(count('recipient.cancelled')).toBe(30);
    const [byFeed, byStream] = await Promise.all(followers);
    expect(byFeed).toEqual(ids);
    expect(byStream).toEqual(ids);
    // Requests of a killed worker come again, under the same ids.
    const pushed = (): readonly string[] =>
      [...new Map(receiver.taken.map((request) => [request.webhookId, request])).values()].flatMap(({ events }) =>
        events.map(({ id }) => id),
      );
    await eventually(async () => expect(pushed()).toHaveLength(ids.length));
    expect(pushed()).toEqual(ids);
    // A dead endpoint would become an event in the tests that follow.
    expect((await gateway.call('DELETE', `/v1/webhook-endpoints/${registered.body.id}`)).status).toBe(204);
    await receiver.stop();
  }, 180_000);

  it('begins a stream now, with the headers that proxies need, and gives events as the feed does', async () => {
    const { gateway } = actors;
    await gateway.deliver(aMessage());
    const stream = await listen().open();
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(stream.headers.get('cache-control')).toContain('no-store');
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    const { id } = await gateway.deliver(aMessage());
    await eventually(async () => expect(stream.events.map(({ event }) => event)).toContain('message.completed'));
    expect(stream.events.filter(({ data }) => data.messageId !== id)).toEqual([]);
    expect(stream.events.map(({ data }) => data)).toEqual(await gateway.events(id));
  });

  it('resumes after the last event that was heard, by header or by cursor', async () => {
    const { gateway } = actors;
    const stream = await listen().open();
    await gateway.deliver(aMessage());
    await eventually(async () => expect(stream.events.map(({ event }) => event)).toContain('message.completed'));
    const [, second] = stream.events;
    const rest = stream.ids.slice(2);
    const resumed = [listen('', { 'Last-Event-ID': second?.id ?? '' }), listen(`?cursor=${second?.id}`)];
    for (const one of resumed) await eventually(async () => expect(one.ids).toEqual(rest));
    const { data } = await feed({ cursor: second?.id ?? '', limit: rest.length });
    expect(data.map((event) => event.id)).toEqual(rest);
  });

  it('tells only of the message that is asked for, also of its past', async () => {
    const { gateway } = actors;
    const { id } = await gateway.send(aMessage().dueIn(3_600_000));
    await gateway.deliver(aMessage());
    const [live, whole] = [await listen(`?messageId=${id}`).open(), listen(`?messageId=${id}&cursor=${START}`)];
    await gateway.deliver(aMessage());
    await gateway.post(`/v1/messages/${id}/cancel`);
    const all = (await gateway.events(id)).map((event) => event.id);
    expect(all.length).toBeGreaterThan(2);
    await eventually(async () => expect([whole.ids, live.ids]).toEqual([all, all.slice(1)]));
  });

  it('tells only the types that are asked for', async () => {
    const { gateway } = actors;
    const stream = await listen('?types=message.completed,recipient.*').open();
    const { id } = await gateway.deliver(aMessage().toMany(3));
    const wanted = ['recipient.delivered', 'recipient.delivered', 'recipient.delivered', 'message.completed'];
    await eventually(async () => expect(stream.events.map(({ event }) => event)).toEqual(wanted));
    const page = await feed({ types: 'message.completed,recipient.*', messageId: id });
    expect(page.data.map(({ type }) => type)).toEqual(wanted);
  });

  it('reads the same later: a bounce after a delivery does not change the events', async () => {
    const { gateway } = actors;
    const { id } = await gateway.deliver(aMessage().to('bounce+unknown_user@example.com'));
    const before = await gateway.events(id);
    const bounced = before.find(({ type }) => type === 'recipient.bounced');
    expect(bounced?.data).toMatchObject({ reason: 'unknown_user', provider: { code: expect.any(String) } });
    expect((await feed({ messageId: id, limit: 1000 })).data).toEqual(before);
  });

  it('shows nothing of other clients', async () => {
    const { gateway } = actors;
    const { body } = await gateway.post<{ key: string }>('/v1/api-keys', {
      client: 'other',
      name: 'other',
      scopes: ['messages:read', 'messages:write'],
    });
    const { id } = await gateway.deliver(aMessage());
    const stranger = gateway.as(body.key);
    const [{ data: all }, { data: one }] = [
      await stranger.get<PageView<EventView>>('/v1/events'),
      await stranger.get<PageView<EventView>>('/v1/events', { messageId: id }),
    ];
    expect([all, one]).toEqual([[], []]);
  });

  it('ends a stream when its key is revoked', async () => {
    const { gateway, address } = actors;
    const { body } = await gateway.post<{ id: string; key: string }>('/v1/api-keys', {
      name: 'short-lived',
      scopes: ['messages:read'],
    });
    const stream = await new EventStream({ ...address, apiKey: body.key }).open();
    streams.push(stream);
    await gateway.call('DELETE', `/v1/api-keys/${body.id}`);
    await gateway.deliver(aMessage());
    await eventually(async () => expect(stream.ended).toBe(true));
    expect(stream.ids).toEqual([]);
  });

  it.each([
    ['/v1/events?cursor=nonsense', '/cursor'],
    ['/v1/events?types=message.lost', '/types'],
    ['/v1/events?types=', '/types'],
    ['/v1/events?types=*.*', '/types'],
    ['/v1/events?messageId=msg_1', '/messageId'],
    ['/v1/events?limit=0', '/limit'],
    ['/v1/events/stream?cursor=nonsense', '/cursor'],
    ['/v1/events/stream?types=x', '/types'],
    ['/v1/events/stream?limit=5', '/limit'],
  ])('refuses %s', async (path, pointer) => {
    const { status, body } = await actors.gateway.call('GET', path);
    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it('refuses a Last-Event-ID that is no cursor', async () => {
    const { status, body } = await actors.gateway.call('GET', '/v1/events/stream', {
      headers: { 'Last-Event-ID': '5' },
    });
    expect([status, body.errors?.[0]?.pointer]).toEqual([422, '/Last-Event-ID']);
  });

  it('ends its streams at once when the api stops', async () => {
    const message: MessageView = await actors.gateway.deliver(aMessage());
    expect(message.status).toBe('completed');
    const stream = await listen().open();
    // Opened in advance, as proxies do, and never used.
    const unused = connect(Number(new URL(actors.address.apiUrl).port), '127.0.0.1');
    await once(unused, 'connect');
    const started = performance.now();
    await actors.running.end('api', 'SIGTERM');
    await stream.stop();
    unused.destroy();
    expect(performance.now() - started).toBeLessThan(10_000);
    await actors.running.start('api');
  });
});
