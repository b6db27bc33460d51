import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GatewayConnectionError, type GatewayError } from '../errors.js';
import type { GatewayEvent } from '../event.types.js';
import { frame, json, problem, StandIn, stream, text } from '../stand-in.fixture.js';
import { FrameParser } from './frames.js';

describe(FrameParser.name, () => {
  const parse = (...pieces: readonly string[]) => {
    const parser = new FrameParser();
    return pieces.flatMap((piece) => parser.push(piece));
  };

  it('reads frames cut anywhere, with any line break', () => {
    const whole = ': ping\r\n\r\nid: 1\r\ndata: a\r\ndata:b\r\n\r\nretry: 500\rid:2\rdata: {"x":"한"}\r\rdata: last';
    const expected = [
      { id: '1', data: 'a\nb' },
      { id: '2', data: '{"x":"한"}', retryMs: 500 },
    ];
    expect(parse(whole)).toEqual(expected);
    expect(parse(...whole)).toEqual(expected);
  });

  it('gives a frame that only moves the cursor', () => {
    expect(parse('id: 7\n\n', 'event: x\ndata: y\n\n')).toEqual([
      { id: '7', data: '' },
      { id: '7', data: 'y' },
    ]);
  });

  it('drops comments, unknown fields and what is not finished', () => {
    expect(parse(': ping\n\nfoo: bar\n\nevent: x\n\ndata: 1\n')).toEqual([]);
  });

  it('ends a frame without an end', () => {
    const parser = new FrameParser();
    expect(() => {
      for (;;) parser.push('x'.repeat(1 << 20));
    }).toThrow(RangeError);
  });
});

describe('following events', () => {
  let standIn: StandIn;
  beforeAll(async () => void (standIn = await StandIn.start()));
  afterAll(() => standIn.stop());

  const take = async (events: AsyncIterable<GatewayEvent>, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { id } of events) {
      ids.push(id);
      if (ids.length === count) break;
    }
    return ids;
  };
  const resumed = (): unknown[] => standIn.seen.map(({ headers }) => headers['last-event-id']);

  it('yields events, resumes after the last one, and skips none', async () => {
    const gateway = standIn.answering(
      stream([frame('1'), frame('2')], { end: true }),
      stream([frame('3')], { end: true }),
      stream([frame('4')]),
    );
    const events = gateway.events.follow({ cursor: '0', types: ['recipient.*'], messageId: 'msg_1' });
    expect(await take(events, 4)).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4']);
    expect(resumed()).toEqual(['0', '2', '3']);
    expect(standIn.seen[0]).toMatchObject({
      path: '/v1/events/stream?types=recipient.*&messageId=msg_1',
      headers: { accept: 'text/event-stream' },
    });
  });

  it('begins now without a cursor, and resumes from where the gateway said now is', async () => {
    const gateway = standIn.answering(stream(['id: 41\n\n'], { end: true }), stream([frame('42')]));
    expect(await take(gateway.events.follow(), 1)).toEqual(['evt_42']);
    expect(resumed()).toEqual([undefined, '41']);
  });

  it('reports a cursor after its event was handled, never before', async () => {
    const log: string[] = [];
    const gateway = standIn.answering(stream(['id: 0\n\n', frame('1'), frame('2')]));
    const onCursor = async (cursor: string, event: GatewayEvent | undefined): Promise<void> => {
      await new Promise((done) => setImmediate(done));
      log.push(`saved ${cursor} of ${event?.id}`);
    };
    for await (const { id } of gateway.events.follow({ onCursor })) {
      log.push(`handled ${id}`);
      if (id === 'evt_2') break;
    }
    expect(log).toEqual(['saved 0 of undefined', 'handled evt_1', 'saved 1 of evt_1', 'handled evt_2']);
  });

  it.each([
    new Error('no space left'),
    // Of another call of the client.
    new GatewayConnectionError('no answer', { sent: 'no' }),
  ])('throws what onCursor throws: %s', async (failure) => {
    const gateway = standIn.answering(stream([frame('1'), frame('2')]));
    const onCursor = () => Promise.reject(failure);
    expect(await take(gateway.events.follow({ onCursor }), 2).catch((error: unknown) => error)).toBe(failure);
  });

  it('connects again when the stream is silent for too long', async () => {
    const lost: GatewayError[] = [];
    const gateway = standIn.answering(stream([frame('1')]), stream([frame('2')]));
    const onReconnect = ({ error }: { readonly error: GatewayError }): void => void lost.push(error);
    expect(await take(gateway.events.follow({ stallMs: 100, onReconnect }), 2)).toEqual(['evt_1', 'evt_2']);
    expect(lost.map(({ name }) => name)).toEqual(['GatewayTimeout']);
  });

  it('is not lost while pings come, nor while the loop is slow', async () => {
    const gateway = standIn.answering((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(frame('1'));
      const pings = setInterval(() => response.write(': ping\n\n'), 30);
      setTimeout(() => response.write(frame('2')), 400);
      response.on('close', () => clearInterval(pings));
    });
    const ids: string[] = [];
    for await (const { id } of gateway.events.follow({ stallMs: 200 })) {
      ids.push(id);
      if (ids.length === 2) break;
      await new Promise((done) => setTimeout(done, 300));
    }
    expect([ids, standIn.seen.length]).toEqual([['evt_1', 'evt_2'], 1]);
  });

  it('goes on after an overload and a page of a proxy', async () => {
    const gateway = standIn.answering(
      problem(503, 'overloaded', { retryable: true }, { 'retry-after': '0' }),
      text('<h1>502</h1>', 502),
      stream([frame('1')]),
    );
    expect(await take(gateway.events.follow(), 1)).toEqual(['evt_1']);
  });

  it.each([
    ['a key without the scope', problem(403, 'forbidden'), { code: 'forbidden' }],
    ['a cursor that cannot be one', problem(422, 'validation_failed'), { code: 'validation_failed' }],
    ['another page', text('<html>', 200), { retryable: false }],
    ['JSON', json({}), { retryable: false }],
    ['a redirect', json({}, 302, { location: '/x' }), { status: 302 }],
    ['an event that is no JSON', stream(['data: {"id\n\n']), { retryable: false }],
  ])('ends at %s', async (_name, step, error) => {
    await expect(take(standIn.answering(step).events.follow(), 1)).rejects.toMatchObject(error);
    expect(standIn.seen.length).toBe(1);
  });

  it("throws the reason of the caller's signal, and closes the connection", async () => {
    const controller = new AbortController();
    const gateway = standIn.answering(stream([frame('1')]));
    const reason = { why: 'stop' };
    const closed = new Promise((done) => standIn.sockets.at(-1)?.once('close', done) ?? done(undefined));
    const following = (async () => {
      for await (const event of gateway.events.follow({ signal: controller.signal })) {
        setTimeout(() => controller.abort(reason), 10);
        void event;
      }
    })();
    expect(await following.catch((error: unknown) => error)).toBe(reason);
    await closed;
  });

  it('closes the connection when the loop ends', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const gateway = standIn.answering((response, seen, request) => {
      closed = new Promise((done) => response.once('close', done));
      return stream([frame('1')])(response, seen, request);
    });
    await take(gateway.events.follow(), 1);
    await closed;
  });
});
