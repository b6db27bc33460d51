import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  GatewayClient,
  SimulatorClient,
  TestGateway,
  aMessage,
  aSender,
  eventually,
  freshDatabase,
  unique,
  type MessageView,
} from '@gateway/testing';
import pg from 'pg';

const LARGE = 'Content-Type: application/json\r\nContent-Length: 67108864\r\n';

describe('connections that do not behave', () => {
  let test: TestGateway;
  let gateway: GatewayClient;

  beforeAll(async () => {
    test = await TestGateway.start({ databaseUrl: await freshDatabase() });
    gateway = new GatewayClient(test.address, test.address.apiKey);
  }, 120_000);
  afterAll(() => test.stop());

  const open = (): { socket: Socket; heard: () => string; closed: () => boolean } => {
    const { hostname, port } = new URL(test.address.apiUrl);
    const socket = connect(Number(port), hostname);
    let heard = '';
    let closed = false;
    socket.on('error', () => undefined);
    socket.on('data', (data) => (heard += data.toString()));
    socket.on('close', () => (closed = true));
    return { socket, heard: () => heard, closed: () => closed };
  };
  const withKey = (): string => `Authorization: Bearer ${test.address.apiKey}\r\n`;
  const head = (method: string, target: string, lines: string): string =>
    `${method} ${target} HTTP/1.1\r\nHost: gateway\r\n${lines}\r\n`;
  const bytesHeld = async (): Promise<number> =>
    Number(/^gateway_body_bytes\{.*\} (\d+)$/m.exec(await gateway.get<string>('/metrics'))?.[1]);

  it.each([
    ['POST', '/v1/messages', 401],
    ['POST', '/%76%31/messages', 401],
    ['POST', 'http://gateway/v1/messages', 401],
    ['POST', '/v1//messages', 401],
    ['POST', '/v1/nothing', 401],
    ['POST', '//v1/messages', 404],
    ['POST', '/nowhere', 404],
    ['POST', '/docs', 405],
  ])('answers %s %s without a key before its body, and holds nothing for it', async (method, target, status) => {
    const { socket, heard } = open();
    socket.write(head(method, target, LARGE) + ' '.repeat(100_000));
    await eventually(async () => expect(heard()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `)));
    expect(heard()).toContain('application/problem+json');
    expect(await bytesHeld()).toBe(0);
    socket.destroy();
  });

  it('answers a request that is no HTTP although its body is still coming', async () => {
    const body = 'x'.repeat(1_000_000);
    const answers = Array.from({ length: 20 }, async () => {
      const { socket, heard, closed } = open();
      socket.write(head('POST', '/v1/messages', `X-Odd: \u0001\r\nContent-Length: ${body.length}\r\n`) + body);
      await eventually(async () => expect(closed()).toBe(true));
      return heard().split('\r\n', 1)[0];
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 400 Bad Request']));
  });

  it.each(['close', 'keep-alive'])('says what becomes of the connection of a refused request: %s', async (wish) => {
    const { socket, heard, closed } = open();
    const lines = `${withKey()}Connection: ${wish}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n`;
    socket.write(`${head('POST', '/v1/template-categories?limit=1', lines)}{}`);
    await eventually(async () => expect(heard()).toContain('validation_failed'));
    expect(/^connection: (.*)\r$/im.exec(heard())?.[1]).toBe(wish);
    if (wish === 'close') await eventually(async () => expect(closed()).toBe(true));
    else expect(closed()).toBe(false);
    socket.destroy();
  });

  it('refuses a key without the scope before the body', async () => {
    const input = { name: 'reads', scopes: ['messages:read'] };
    const { key } = (await gateway.post<{ key: string }>('/v1/api-keys', input)).body;
    const { socket, heard } = open();
    socket.write(head('POST', '/v1/messages', `Authorization: Bearer ${key}\r\n${LARGE}`));
    await eventually(async () => expect(heard()).toMatch(/^HTTP\/1\.1 403 /));
    socket.destroy();
  });

  it('gives back everything of requests that are reset in waves', async () => {
    for (let wave = 0; wave < 3; wave += 1) {
      const all = Array.from({ length: 100 }, () => open());
      for (const [i, { socket }] of all.entries()) {
        const lines = `${withKey()}Content-Type: application/json\r\nContent-Length: ${i % 2 === 0 ? 65_536 : 900_000}\r\n`;
        socket.write(head('POST', '/v1/messages', lines) + '{"subject":"'.padEnd(100 * (i + 1), 'x'));
        // Some while the key is looked up, some while the body arrives.
        if (i % 3 === 0) socket.resetAndDestroy();
      }
      await sleep(50);
      for (const { socket } of all) socket.resetAndDestroy();
      // A key is remembered for a second.
      await sleep(1050);
    }
    await eventually(async () => {
      const text = await gateway.get<string>('/metrics');
      for (const name of ['body_bytes', 'requests_in_progress', 'turns', 'uploads']) {
        expect(text).toMatch(new RegExp(`^gateway_${name}\\{.*\\} 0$`, 'm'));
      }
    });
  }, 30_000);

  it('sends once what is asked for again after callers left while the database stood still', async () => {
    const from = aSender();
    const simulator = new SimulatorClient(test.address);
    const body = JSON.stringify(aMessage().from(from).build());
    const keys = Array.from({ length: 20 }, () => unique('key-'));
    const lines = (key: string): string =>
      `${withKey()}Content-Type: application/json\r\nIdempotency-Key: ${key}\r\nContent-Length: ${body.length}\r\n`;
    const database = new pg.Client({ connectionString: test.address.databaseUrl });
    await database.connect();
    await database.query('BEGIN; LOCK TABLE message IN ACCESS EXCLUSIVE MODE');
    const callers = keys.map((key) => {
      const { socket } = open();
      socket.write(head('POST', '/v1/messages', lines(key)) + body);
      return socket;
    });
    await sleep(500);
    for (const socket of callers) socket.resetAndDestroy();
    await sleep(500);
    await database.query('COMMIT');
    await database.end();
    const ids = await Promise.all(
      keys.map((key) =>
        eventually(async () => {
          const headers = { 'idempotency-key': key };
          const { status, body: message } = await gateway.post<MessageView>('/v1/messages', JSON.parse(body), headers);
          expect(status).toBe(202);
          return message.id;
        }),
      ),
    );
    for (const id of ids) await gateway.waitUntilFinal(id);
    expect(new Set(ids).size).toBe(keys.length);
    expect((await simulator.summary(from)).recipients).toBe(keys.length);
    expect(await bytesHeld()).toBe(0);
  }, 60_000);

  it.each([0, 10, 70_000])('closes the connection of an upgrade with a body of %i bytes', async (length) => {
    const { socket, heard, closed } = open();
    const lines = `Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Type: text/x\r\nContent-Length: ${length}\r\n`;
    socket.write(head('POST', '/v1/messages', withKey() + lines) + 'x'.repeat(length));
    await eventually(async () => expect(closed()).toBe(true));
    expect(heard()).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*connection: close/i);
  });

  it('takes the next request of a connection whose last body was not read', async () => {
    const { socket, heard } = open();
    const early = head('POST', '/v1/messages', 'Content-Type: application/json\r\nContent-Length: 70000\r\n');
    socket.write(early + ' '.repeat(70_000) + head('GET', '/health/live', ''));
    await eventually(async () => expect(heard()).toMatch(/^HTTP\/1\.1 401 [\s\S]*HTTP\/1\.1 200 /));
    socket.destroy();
  });

  it('asks for a body only when it will read it', async () => {
    const expecting = `Expect: 100-continue\r\n${LARGE}`;
    const stranger = open();
    stranger.socket.write(head('POST', '/v1/messages', expecting));
    const caller = open();
    caller.socket.write(head('POST', '/v1/messages', withKey() + expecting));
    await eventually(async () => {
      expect(stranger.heard()).toMatch(/^HTTP\/1\.1 401 [\s\S]*connection: close/i);
      expect(caller.heard()).toMatch(/^HTTP\/1\.1 100 /);
    });
    for (const { socket } of [stranger, caller]) socket.destroy();
  });
});
