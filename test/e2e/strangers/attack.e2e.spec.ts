import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { aMessage, aSender, eventually, unique, useOwnGateway } from '@gateway/testing';
import { NDJSON, outcomeOf } from './outcome.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const LARGEST_PROBLEM = 65_536;

describe('an attacker', () => {
  // A gateway of its own: its gauges are looked at.
  const actors = useOwnGateway();
  const port = (): number => Number(new URL(actors.address.apiUrl).port);
  const key = async (client: string, scopes: readonly string[]): Promise<string> =>
    (
      await actors.gateway.post<{ key: string }>('/v1/api-keys', {
        client,
        name: unique('k-'),
        scopes,
      })
    ).body.key;
  const held = async (): Promise<number> =>
    Number(/^gateway_body_bytes\{[^}]*\} (\S+)$/m.exec(await actors.gateway.get<string>('/metrics'))?.[1]);

  /** Sends text on a connection and reads until the other side has said something, or is silent for too long. */
  const wire = (text: string, more?: (socket: ReturnType<typeof connect>) => void, ms = 10_000): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port(), '127.0.0.1', () => socket.write(text));
      const end = (said: string): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(said);
      };
      const timer = setTimeout(() => end('silence'), ms);
      socket.on('error', () => undefined);
      socket.on('data', (data) => end(data.toString()));
      socket.on('close', () => end('closed'));
      more?.(socket);
    });

  describe('without a key', () => {
    const TARGETS = [
      '/v1/messages',
      '/%76%31/messages',
      '/v1/%6dessages',
      '//v1/messages',
      '/v1//messages',
      '/./v1/messages',
      '/x/../v1/messages',
      'http://gateway.example/v1/messages',
      'HTTP://gateway.example/%76%31/messages',
      'https://a@b:1/v1/messages',
      '/v1/messages/',
      '/v1/messages?a=1',
      '/V1/messages',
      '/v1%2fmessages',
      '/v1/messages%00',
      '/v1;a=b/messages',
      '/v1/messages#x',
    ];
    const HEADS = [
      '',
      'Authorization: Bearer gk_wrong\r\n',
      'Expect: 100-continue\r\n',
      'Upgrade: websocket\r\nConnection: Upgrade\r\n',
    ];

    it.each(TARGETS)('is turned away before a byte of a body is read or counted: %s', async (target) => {
      for (const more of HEADS) {
        const answer = await wire(
          `POST ${target} HTTP/1.1\r\nHost: x\r\n${more}Content-Type: application/json\r\nContent-Length: 67108864\r\n\r\n{`,
        );
        expect([more, answer.slice(0, 12)]).toEqual([more, expect.stringMatching(/^HTTP\/1\.1 40[014]/)]);
        expect(await held()).toBe(0);
      }
    });
  });

  it.each([
    ['/v1/messages', 'application/json'],
    ['/v1/messages', NDJSON],
    ['/v1/contacts/import', 'text/csv'],
    ['/v1/attachments', 'multipart/form-data; boundary=b'],
    ['/v1/templates/import', 'application/json'],
  ])('without the scope is turned away before the body comes: %s %s', async (path, type) => {
    const reader = await key('reader', ['messages:read']);
    const answer = await wire(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${reader}\r\nContent-Type: ${type}\r\nContent-Length: 60000000\r\n\r\n{`,
    );
    expect(answer.slice(0, 12)).toBe('HTTP/1.1 403');
    expect(await held()).toBe(0);
  });

  it('holds nothing once callers have left, at whatever stage', async () => {
    const head = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${actors.address.apiKey}\r\nContent-Type: application/json\r\nContent-Length: 65536\r\n\r\n`;
    for (let wave = 0; wave < 4; wave += 1) {
      const leaving = Array.from({ length: 60 }, async (_, n) => {
        const socket = connect(port(), '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(head + ' '.repeat(n * 40));
        await sleep(n % 12);
        if (n % 3 === 0) socket.end();
        else socket.resetAndDestroy();
        await sleep(5);
        socket.destroy();
      });
      await Promise.all(leaving);
      // Keys are remembered for a second; the next wave leaves while its key is being looked up.
      await sleep(1050);
    }
    await eventually(async () => expect(await held()).toBe(0), 20_000);
  });

  it.each([
    [
      'a long name of a member',
      '/v1/messages',
      () => `{"${'n'.repeat(512_000)}":[${Array.from({ length: 100 }, () => '"\\u0000"').join()}]}`,
    ],
    [
      'many long names',
      '/v1/contacts',
      () => `{${Array.from({ length: 150 }, (_, n) => `"${n}${'가'.repeat(3000)}":1`).join()}}`,
    ],
    [
      'a long address',
      '/v1/suppressions',
      () =>
        JSON.stringify({
          addresses: Array.from({ length: 100 }, () => 'x'.repeat(9000)),
          scope: 'all',
        }),
    ],
    [
      'a long value of an enum',
      '/v1/messages',
      () =>
        JSON.stringify(
          aMessage()
            .with({ category: 'x'.repeat(900_000) })
            .build(),
        ),
    ],
    [
      'a long id',
      '/v1/messages',
      () =>
        JSON.stringify(
          aMessage()
            .with({ template: { id: 'x'.repeat(900_000) } })
            .build(),
        ),
    ],
    [
      'a long name of a variable',
      '/v1/messages',
      () =>
        JSON.stringify(
          aMessage()
            .with({ html: `{{${'v'.repeat(400_000)}}}` })
            .build(),
        ),
    ],
  ])('gets a bounded answer to %s', async (_what, path, body) => {
    const started = performance.now();
    const response = await fetch(`${actors.gateway.url}${path}`, {
      method: 'POST',
      body: body(),
      headers: {
        ...JSON_TYPE,
        authorization: `Bearer ${actors.address.apiKey}`,
      },
    });
    const text = await response.text();
    expect([response.status >= 400 && response.status < 500, Buffer.byteLength(text) <= LARGEST_PROBLEM]).toEqual([
      true,
      true,
    ]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  const marks = '\u0300\u0323'.repeat(65_000);
  it.each([
    ['brackets', '/v1/messages', '['.repeat(10_000_000)],
    ['braces', '/v1/messages', '{"a":'.repeat(1_000_000)],
    [
      'nested metadata',
      '/v1/messages',
      JSON.stringify(aMessage().with({ metadata: '#' }).build()).replace(
        '"#"',
        `${'{"a":'.repeat(8000)}1${'}'.repeat(8000)}`,
      ),
    ],
    ['marks in the name of a group', '/v1/groups', JSON.stringify({ name: `a${marks}` })],
    [
      'marks in the name of a template',
      '/v1/templates',
      JSON.stringify({ name: `a${marks}`, subject: 's', html: 'x' }),
    ],
    [
      'marks in an audience',
      '/v1/messages',
      JSON.stringify(
        aMessage()
          .with({ to: undefined, audience: `a${marks}` })
          .build(),
      ),
    ],
    [
      'marks in the groups of a contact',
      '/v1/contacts',
      JSON.stringify({ addresses: ['a@b.example.com'], groups: [`a${marks}`] }),
    ],
    ['marks in an address', '/v1/suppressions', JSON.stringify({ addresses: [`a${marks}@example.com`], scope: 'all' })],
    ['a name of 10 MB', '/v1/templates', JSON.stringify({ name: 'n'.repeat(10_000_000), subject: 's', html: 'x' })],
  ])('does not delay other callers with %s', async (_what, path, body) => {
    let slowest = 0;
    let done = false;
    const watch = (async () => {
      while (!done) {
        const started = performance.now();
        await actors.gateway.call('GET', '/health/live');
        slowest = Math.max(slowest, performance.now() - started);
        await sleep(10);
      }
    })();
    const answer = await actors.gateway.post(path, body, JSON_TYPE);
    done = true;
    await watch;
    expect(outcomeOf(answer)).toMatch(/^4/);
    // The machine of the test is shared; one turn of the loop took seconds.
    expect(slowest).toBeLessThan(1500);
  });

  it.each([
    '{"address":"\\u0000","scope":"all"}',
    '{"address":"a","scope":"x"}',
    '"\\u0000"',
    'null',
    '[[[]]]',
    '{"id":1e999}',
    'x',
  ])('gets no further with a cursor of %s', async (text) => {
    const cursor = encodeURIComponent(Buffer.from(text).toString('base64'));
    for (const list of [
      'messages',
      'suppressions',
      'contacts',
      'groups',
      'templates',
      'template-categories',
      'attachments',
      'api-keys',
      'events',
    ]) {
      const { status } = await actors.gateway.call('GET', `/v1/${list}?cursor=${cursor}`);
      expect([list, [200, 400, 422].includes(status)]).toEqual([list, true]);
    }
  });

  it('spoils only its own message of a batch', async () => {
    const deep = `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`;
    const messages = [aMessage().with({ metadata: '#' }).build(), aMessage().build()];
    const body = JSON.stringify({ messages }).replace('"#"', deep);
    const answer = await actors.gateway.post<{
      results: readonly { id?: string; problem?: object }[];
    }>('/v1/messages/batch', body, JSON_TYPE);
    // Beyond the depth that any body may have, it is refused as a whole.
    if (answer.status !== 200) return expect(answer.status).toBeLessThan(500);
    expect([answer.body.results[0]?.problem, answer.body.results[1]?.id]).toEqual([
      expect.anything(),
      expect.stringMatching(/^msg_/),
    ]);
  });

  it('cannot send a template that another client has pushed', async () => {
    const [owner, other] = await Promise.all(
      ['owner', 'stranger'].map((client) => key(client, ['templates', 'messages:write', 'messages:read'])),
    );
    const template = {
      name: unique('t-'),
      from: aSender(),
      subject: 'secret',
      html: 'secret',
    };
    const { body } = await actors.gateway.as(owner).post<{ id: string }>('/v1/templates', template);
    for (const provider of ['ncp', 'nhn']) {
      const pushed = await actors.gateway
        .as(owner)
        .post<{ providerTemplateId: string }>(`/v1/templates/${body.id}/push`, {
          provider,
        });
      const { providerTemplateId } = pushed.body;
      const spellings = [
        providerTemplateId,
        ` ${providerTemplateId}`,
        // NCP's ids are numbers: the same one, written otherwise.
        ...(provider === 'ncp' ? [`0${providerTemplateId}`] : []),
      ];
      for (const spelling of spellings) {
        const message = {
          from: aSender(),
          to: 'a@b.example.com',
          template: { provider, providerTemplateId: spelling },
        };
        for (const path of ['/v1/messages', '/v1/messages/preview']) {
          const answer = await actors.gateway.as(other).post(path, message);
          expect([path, spelling, outcomeOf(answer)]).toEqual([
            path,
            spelling,
            expect.stringMatching(/^422 \/template\S* \w+/),
          ]);
          expect(JSON.stringify(answer.body)).not.toContain('secret');
        }
      }
    }
  });

  it.each(['websocket', 'h2c', 'TLS/1.0'])(
    'leaves a connection usable, or closed, after asking for an upgrade to %s',
    async (protocol) => {
      for (let round = 0; round < 15; round += 1) {
        const body = 'x'.repeat(70_000);
        const head = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`;
        let said = '';
        const socket = connect(port(), '127.0.0.1');
        socket.on('error', () => undefined);
        socket.on('data', (data) => (said += data.toString()));
        const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
        socket.write(head);
        socket.write(body);
        await eventually(async () => expect(said).toMatch(/^HTTP\/1\.1 4/), 10_000);
        socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
        const answered = eventually(async () => expect(said).toMatch(/HTTP\/1\.1 200/), 10_000);
        await Promise.race([closed, answered]);
        socket.destroy();
      }
    },
  );

  it('does not hold up the login codes of another client', async () => {
    const [flood, login] = [
      await key('flood', ['messages:write']),
      await key('calm', ['messages:write', 'messages:read']),
    ];
    let going = true;
    const statuses = new Map<string, number>();
    const callers = Array.from({ length: 120 }, async () => {
      while (going) {
        const answer = await actors.gateway.as(flood).post('/v1/messages', aMessage().toMany(20).build());
        const outcome = outcomeOf(answer);
        statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1);
        if (answer.status === 429) await sleep(200);
      }
    });
    await sleep(1000);
    const waits: number[] = [];
    for (let code = 0; code < 5; code += 1) {
      const started = performance.now();
      const { status } = await actors.gateway.as(login).post('/v1/messages', aMessage().authentication().build());
      expect(status).toBe(202);
      waits.push(performance.now() - started);
    }
    going = false;
    await Promise.all(callers);
    expect([...statuses.keys()].filter((outcome) => !/^(202|429 rate_limited)$/.test(outcome))).toEqual([]);
    // The median: the machine of the test is shared.
    expect(waits.toSorted((a, b) => a - b)[2]).toBeLessThan(2000);
  });
});
