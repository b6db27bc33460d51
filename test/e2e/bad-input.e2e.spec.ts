import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { aMessage, aSender, useSharedGateway, type ProblemView } from '@gateway/testing';

type Row = readonly [what: string, fields: Readonly<Record<string, unknown>>, pointer: string, code: string];

const recipients = (...list: readonly unknown[]) => ({ to: undefined, recipients: list });
const past = new Date(Date.now() - 60_000).toISOString();
const farAhead = new Date(Date.now() + 61 * 86_400_000).toISOString();
const many = (n: number) => Array.from({ length: n }, (_, i) => ({ address: `r.${i}@example.com` }));

const WRONG: readonly Row[] = [
  ['no subject', { subject: undefined }, '/subject', 'required'],
  ['a subject that is a number', { subject: 7 }, '/subject', 'invalid_type'],
  ['a subject of null', { subject: null }, '/subject', 'required'],
  ['an empty subject', { subject: ' ' }, '/subject', 'required'],
  ['a long subject', { subject: 'ㄱ'.repeat(167) }, '/subject', 'too_long'],
  ['CR and LF in the subject', { subject: 'Hi\r\nBcc: x@example.com' }, '/subject', 'control_character'],
  ['NUL in the subject', { subject: 'Hi\u0000' }, '/subject', 'control_character'],
  ['no content', { html: undefined }, '/html', 'required'],
  ['html that is a list', { html: ['x'] }, '/html', 'invalid_type'],
  ['html that is too large', { html: 'x'.repeat(500_001) }, '/html', 'too_large'],
  ['a broken template', { html: '{{a' }, '/html', 'invalid_template'],
  ['NUL in html', { html: 'a\u0000b' }, '/html', 'control_character'],
  ['NUL in text', { html: undefined, text: 'a\u0000b' }, '/text', 'control_character'],
  ['no sender', { from: undefined }, '/from', 'required'],
  ['a sender that is a number', { from: 7 }, '/from', 'invalid_type'],
  ['a sender that is no address', { from: 'nobody' }, '/from', 'invalid_address'],
  ['an unknown field of the sender', { from: { address: 'a@example.com', x: 1 } }, '/from/x', 'unknown_field'],
  ['CR in the sender name', { from: { address: 'a@example.com', name: 'a\rb' } }, '/from/name', 'control_character'],
  ['a long sender name', { from: { address: 'a@example.com', name: '가'.repeat(24) } }, '/from/name', 'too_long'],
  ['no recipients', { to: undefined }, '/recipients', 'required'],
  ['an empty list', recipients(), '/recipients', 'too_few'],
  ['recipients that are text', { to: undefined, recipients: 'a@example.com' }, '/recipients', 'invalid_type'],
  ['to and recipients', { recipients: many(1) }, '/to', 'not_allowed'],
  ['100,001 recipients', recipients(...many(100_001)), '/recipients', 'too_many'],
  ['a recipient of null', recipients(null), '/recipients/0', 'required'],
  ['a recipient without address', recipients(...many(2), {}), '/recipients/2/address', 'required'],
  ['a bad address', recipients(...many(3), { address: 'a@b@' }), '/recipients/3/address', 'invalid_address'],
  ['LF in an address', recipients({ address: 'a\n@example.com' }), '/recipients/0/address', 'invalid_address'],
  ['NUL in an address', { to: 'a\u0000@example.com' }, '/to', 'control_character'],
  ['LF in a name', recipients({ address: 'a@example.com', name: 'a\nb' }), '/recipients/0/name', 'control_character'],
  [
    'NUL in a name',
    recipients({ address: 'a@example.com', name: 'a\u0000' }),
    '/recipients/0/name',
    'control_character',
  ],
  ['an unknown type', recipients({ address: 'a@example.com', type: 'x' }), '/recipients/0/type', 'not_allowed'],
  ['cc of individual mail', { cc: 'b@example.com' }, '/cc', 'not_allowed'],
  ['a duplicate', { to: ['a@example.com', 'A@EXAMPLE.com'] }, '/to/1', 'duplicate_address'],
  ['31 cc', { delivery: 'shared', cc: many(31).map(({ address }) => address) }, '/cc/30', 'too_many'],
  [
    'an unknown field of a recipient',
    recipients({ address: 'a@example.com', x: 1 }),
    '/recipients/0/x',
    'unknown_field',
  ],
  ['a missing variable', { html: '{{a}}' }, '/to/variables/a', 'missing_variable'],
  [
    'a missing variable of one recipient',
    { html: '{{a}}', ...recipients({ address: 'a@example.com', variables: { a: 1 } }, { address: 'b@example.com' }) },
    '/recipients/1/variables/a',
    'missing_variable',
  ],
  [
    'a body that one recipient makes too large',
    {
      html: '<p>{{a}}</p>{{{b}}}',
      variables: { a: '1' },
      ...recipients(...many(3).map((each) => ({ ...each, variables: { b: 'y' } })), {
        address: 'a@example.com',
        variables: { a: 'x'.repeat(500_000), b: 'y'.repeat(9) },
      }),
    },
    '/recipients/3/variables/a',
    'too_large',
  ],
  [
    'a text that everybody makes too large',
    { html: '{{a}}{{a}}', variables: { a: 'x'.repeat(250_001) } },
    '/html',
    'too_large',
  ],
  ['a variable that is a list', { variables: { a: [] } }, '/variables/a', 'invalid_type'],
  ['variables that are a list', { variables: [] }, '/variables', 'invalid_type'],
  [
    'LF in a variable of the subject',
    { subject: '{{a}}', variables: { a: 'x\ny' } },
    '/variables/a',
    'control_character',
  ],
  ['an unknown field', { colour: 'red' }, '/colour', 'unknown_field'],
  ['an unknown field with a slash', { 'a/b~c': 1 }, '/a~1b~0c', 'unknown_field'],
  ['an unknown category', { category: 'spam' }, '/category', 'not_allowed'],
  ['an unknown delivery', { delivery: 'pigeon' }, '/delivery', 'not_allowed'],
  [
    'two readers of a login code',
    { category: 'authentication', to: ['a@example.com', 'b@example.com'] },
    '/to/1',
    'too_many',
  ],
  ['an unknown account', { provider: 'pigeon' }, '/provider', 'unknown_reference'],
  ['a past sendAt', { sendAt: past }, '/sendAt', 'in_the_past'],
  ['a far sendAt', { sendAt: farAhead }, '/sendAt', 'too_far_ahead'],
  ['a sendAt without zone', { sendAt: '2030-01-01T00:00:00' }, '/sendAt', 'invalid_type'],
  ['a sendAt that is a number', { sendAt: 1_900_000_000 }, '/sendAt', 'invalid_type'],
  ['CR and LF in a header', { headers: { 'X-A': 'b\r\nBcc: x' } }, '/headers/X-A', 'control_character'],
  ['a forbidden header', { headers: { 'Reply-To': 'x@example.com' } }, '/headers/Reply-To', 'forbidden_header'],
  ['a header with a bad name', { headers: { 'X A': 'b' } }, '/headers/X A', 'not_allowed'],
  ['a header that is a number', { headers: { 'X-A': 7 } }, '/headers/X-A', 'invalid_type'],
  ['large metadata', { metadata: { a: 'x'.repeat(2048) } }, '/metadata', 'too_large'],
  ['metadata that is a list', { metadata: [] }, '/metadata', 'invalid_type'],
  ['eleven tags', { tags: Array.from({ length: 11 }, (_, i) => `t${i}`) }, '/tags', 'too_many'],
  ['a tag that is a number', { tags: [1] }, '/tags/0', 'invalid_type'],
  ['an unknown quota policy', { onQuota: 'panic' }, '/onQuota', 'not_allowed'],
  ['dedupe that is text', { dedupe: 'yes' }, '/dedupe', 'invalid_type'],
];

/** Text that a database, a log or a header might choke on: refused or taken, but never a failure of ours. */
const HOSTILE: readonly Row[1][] = [
  { metadata: { a: '\u0000' } },
  { metadata: { '\u0000': 1 } },
  { metadata: { a: '\ud800' } },
  { tags: ['\ud800'] },
  { subject: '\ud800' },
  { html: '\ud800 {{a}}', variables: { a: '\udfff' } },
  { html: '{{a}}', variables: { a: '\u0000' } },
  { html: '{{a}}', ...recipients({ address: 'a@example.com', variables: { a: '\u0000' }, name: '\ud83d' }) },
  { headers: { 'X-A': '\ud800' } },
  { html: '{{constructor}}', variables: { constructor: 'x', toString: 'y' } },
  { html: '{{a}}'.repeat(99_000), variables: { a: 'x'.repeat(100_000) } },
  { html: `{{${'a'.repeat(10_000)}}}` },
  { metadata: { a: 1e308, b: -0, c: 5e-324 } },
  { to: `${'a'.repeat(100_000)}@example.com` },
  { to: `"${'<'.repeat(50_000)}` },
  { from: { address: '__proto__@example.com', name: '\u202e' } },
];

describe('bad input', () => {
  const actors = useSharedGateway('postgres');
  const from = aSender();
  let database: pg.Client;

  beforeAll(async () => {
    database = new pg.Client({ connectionString: actors.address.databaseUrl });
    await database.connect();
  });
  afterAll(() => database.end());

  const stored = async (): Promise<number> => {
    const { rows } = await database.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM message WHERE from_address = $1)::int
         + (SELECT count(*) FROM recipient r WHERE NOT EXISTS (SELECT FROM message m WHERE m.id = r.message_id))::int AS n`,
      [from],
    );
    return rows[0]?.n ?? -1;
  };

  it.each(WRONG)('refuses %s', async (_, fields, pointer, code) => {
    const { gateway } = actors;
    const { status, headers, body } = await gateway.post('/v1/messages', aMessage().from(from).with(fields).build());
    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body.errors).toContainEqual({ pointer, code, detail: expect.any(String) });
    expectProblem(body);
  });

  it('refuses fields where a call has none', async () => {
    const { gateway } = actors;
    const { id } = await gateway.send(aMessage().dueIn(3_600_000));
    const path = `/v1/messages/${id}/cancel`;
    const refused = await gateway.post(path, { reason: 'a mistake', at: 1 });
    expect([refused.status, refused.body.errors?.map(({ pointer, code }) => [pointer, code])]).toEqual([
      422,
      [
        ['/reason', 'unknown_field'],
        ['/at', 'unknown_field'],
      ],
    ]);
    expect((await gateway.post(path, [])).body.errors?.map(({ code }) => code)).toEqual(['invalid_type']);
    expect((await gateway.message(id)).status).toBe('scheduled');
    expect((await gateway.post(path, {})).status).toBe(200);
  });

  it('lists every fault at once, the first hundred of many', async () => {
    const { gateway } = actors;
    const two = await gateway.post('/v1/messages', aMessage().from(from).with({ subject: 7, tags: 'x' }).build());
    expect(two.body.errors?.map(({ pointer }) => pointer).sort()).toEqual(['/subject', '/tags']);
    const bad = Array.from({ length: 5000 }, () => ({ address: 'nobody' }));
    const { body } = await gateway.post(
      '/v1/messages',
      aMessage()
        .from(from)
        .toRecipients(...bad)
        .build(),
    );
    expect([body.errors?.length, body.errorCount]).toEqual([100, 5000]);
  });

  it.each(HOSTILE.map((fields) => [JSON.stringify(fields).slice(0, 60), fields] as const))(
    'takes or refuses %s in good order',
    async (_, fields) => {
      const { gateway } = actors;
      const message = aMessage().dueIn(3_600_000).with(fields);
      const { status, body } = await gateway.post<ProblemView & { id: string }>('/v1/messages', message.build());
      if (status === 202) expect((await gateway.message(body.id)).status).toBe('scheduled');
      else expectProblem(body);
      expect([202, 422]).toContain(status);
    },
  );

  const MALFORMED: readonly (readonly [what: string, body: string | Uint8Array, status: number, code: string])[] = [
    ['broken JSON', '{"from":', 400, 'malformed_json'],
    ['nothing', '', 400, 'malformed_json'],
    ['text', 'hello', 400, 'malformed_json'],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 400, 'malformed_json'],
    ['a list', '[]', 422, 'validation_failed'],
    ['null', 'null', 422, 'validation_failed'],
    ['a prototype', '{"__proto__":{"subject":"x"},"from":"a@example.com"}', 422, 'validation_failed'],
    ['100,000 open brackets', '['.repeat(100_000), 400, 'malformed_json'],
    ['50 MB of broken JSON', `{"html":"${'x'.repeat(50 * 1024 * 1024)}`, 400, 'malformed_json'],
    ['more than 64 MiB', ' '.repeat(64 * 1024 * 1024 + 1), 413, 'body_too_large'],
  ];

  it.each(MALFORMED)('refuses %s', async (_, body, status, code) => {
    const { gateway } = actors;
    for (const path of ['/v1/messages', '/v1/messages/preview']) {
      const answer = await gateway.call('POST', path, { body });
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expectProblem(answer.body);
    }
  });

  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense'])(
    'refuses the media type %s',
    async (type) => {
      const { gateway } = actors;
      const body = JSON.stringify(aMessage().from(from).build());
      const answer = await gateway.call('POST', '/v1/messages', { body, headers: { 'content-type': type } });
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
    },
  );

  describe('ids and paths', () => {
    it.each([
      'msg_',
      'msg_nonsense',
      'msg_00000000000000000000000000',
      'msg_7zzzzzzzzzzzzzzzzzzzzzzzzz',
      'msg_zzzzzzzzzzzzzzzzzzzzzzzzzz',
      'bat_01h455vb4pex5vsknk084sn02q',
      '01941f29-7c00-7000-8000-00000000e0b1',
      "'; DROP TABLE message; --",
      '%00',
      '..%2f..',
      'x'.repeat(250),
    ])('finds nothing at %s', async (id) => {
      const { gateway } = actors;
      for (const path of [`/v1/messages/${id}`, `/v1/messages/${id}/recipients`, `/v1/messages/${id}/events`]) {
        const answer = await gateway.call('GET', path);
        expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
      }
      const cancel = await gateway.call('POST', `/v1/messages/${id}/cancel`);
      expect([cancel.status, cancel.body.code]).toEqual([404, 'not_found']);
    });

    it('answers unknown routes, wrong methods and broken paths in the same form', async () => {
      const { gateway } = actors;
      const unknown = await gateway.call('GET', '/v1/pigeons');
      expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
      const method = await gateway.call('PUT', '/v1/messages');
      expect([method.status, method.body.code]).toEqual([405, 'method_not_allowed']);
      expect(method.headers.get('allow')).toMatch(/GET.*POST/);
      const broken = await gateway.call('GET', '/v1/messages/%zz');
      expect(broken.status).toBeGreaterThanOrEqual(400);
      expect(broken.status).toBeLessThan(500);
      expectProblem(broken.body);
    });
  });

  it('answers half a request and a lying Content-Length, and lives on', async () => {
    const { gateway } = actors;
    const { hostname, port } = new URL(actors.address.apiUrl);
    const head = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${actors.address.apiKey}\r\n`;
    const wires = [
      'nonsense\r\n\r\n',
      `${head}Content-Type: application/json\r\nContent-Length: 5\r\n\r\n{"a":1}`,
      `${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      `${head}Content-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n`,
    ];
    for (const wire of wires) {
      const answer = await rawAnswer(hostname, Number(port), wire);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d/);
    }
    expect((await gateway.call('GET', '/health/live')).status).toBe(200);
  });

  it('has stored and sent nothing of all that', async () => {
    const { simulator } = actors;
    expect(await stored()).toBe(0);
    expect((await simulator.summary(from)).requests).toBe(0);
  });
});

function expectProblem(body: ProblemView): void {
  expect(body).toMatchObject({
    type: expect.stringContaining(body.code),
    title: expect.any(String),
    status: expect.any(Number),
    detail: expect.any(String),
    instance: expect.any(String),
    retryable: expect.any(Boolean),
  });
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.(ts|js):\d|prisma|postgres|syntax error/i);
}

/** The server's answer to bytes that no HTTP client would send. */
const rawAnswer = (host: string, port: number, wire: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host, port }, () => socket.write(wire));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('close', () => resolve(''));
  });
