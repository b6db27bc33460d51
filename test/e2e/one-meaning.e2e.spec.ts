import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  queueKinds,
  unique,
  useSharedGateway,
  type PageView,
  type ProblemView,
  type QueueKind,
} from '@gateway/testing';

interface Entry {
  readonly index: number;
  readonly id?: string;
  readonly problem?: ProblemView;
}

const ONE_QUEUE = queueKinds().slice(0, 1) as readonly QueueKind[];
const HUGE = '4634343214213523454';
const NDJSON = { 'content-type': 'application/x-ndjson' };

describe.each(ONE_QUEUE)('one meaning of null, numbers and names everywhere, queue on %s', (queue) => {
  const actors = useSharedGateway(queue);
  const pointersOf = ({ errors = [] }: ProblemView): readonly string[] => errors.map(({ pointer }) => pointer);
  const address = (): string => `${unique('one.')}@example.com`;
  const message = (more: object = {}) => ({ ...aMessage().dueIn(3_600_000).build(), ...more });
  const faultsOf = (body: ProblemView): readonly (readonly [string, string])[] =>
    (body.errors ?? []).map(({ pointer, code }) => [pointer, code]);

  const apiProcessorSeconds = async (): Promise<number> =>
    Number(/^process_cpu_seconds_total\{.*\} (\S+)$/m.exec(await actors.gateway.get<string>('/metrics'))?.[1]);

  describe('null', () => {
    it.each([
      'text',
      'template',
      'audience',
      'recipients',
      'cc',
      'bcc',
      'variables',
      'headers',
      'attachments',
      'sendAt',
    ])('is no %s of a message', async (field) => {
      const { status } = await actors.gateway.post('/v1/messages/preview', { ...message(), [field]: null });
      expect(status).toBe(200);
    });

    it.each(['category', 'delivery', 'provider', 'metadata', 'tags', 'onQuota', 'dedupe', 'allowSplit', 'dryRun'])(
      'leaves %s of a message to its default',
      async (field) => {
        const { status } = await actors.gateway.post('/v1/messages/preview', { ...message(), [field]: null });
        expect(status).toBe(200);
      },
    );

    it.each(['from', 'subject', 'html'])('where %s is required is reported once, at its place', async (field) => {
      const { status, body } = await actors.gateway.post('/v1/messages', { ...message(), [field]: null });
      expect([status, faultsOf(body)]).toEqual([422, [[`/${field}`, 'required']]]);
    });

    it('is no name, type, or value of a recipient', async () => {
      const recipients = [{ address: address(), name: null, type: null, variables: null }];
      const { status } = await actors.gateway.post('/v1/messages/preview', message({ to: null, recipients }));
      expect(status).toBe(200);
      const { body } = await actors.gateway.post('/v1/messages', {
        ...message({ to: null, html: '{{x}} {{y}}', variables: { y: null } }),
        recipients: [{ address: address(), variables: { x: null } }],
      });
      expect(faultsOf(body)).toEqual([
        ['/recipients/0/variables/x', 'missing_variable'],
        ['/recipients/0/variables/y', 'missing_variable'],
      ]);
    });

    it('is data in metadata, and nowhere else', async () => {
      const { body } = await actors.gateway.post<{ id: string }>('/v1/messages', message({ metadata: { a: null } }));
      expect(await actors.gateway.get(`/v1/messages/${body.id}`)).toMatchObject({ metadata: { a: null } });
    });

    it('is absent in lines of a stream, in batches and in the first line', async () => {
      const { to: _, ...head } = message({ text: null, tags: null });
      const lines = [head, { address: address(), name: null, variables: null }, { address: address() }];
      const body = lines.map((line) => JSON.stringify(line)).join('\n');
      expect((await actors.gateway.call('POST', '/v1/messages', { body, headers: NDJSON })).status).toBe(202);
      const batch = { messages: [message({ cc: null }), message({ subject: null })] };
      const { body: many } = await actors.gateway.post<{ results: Entry[] }>('/v1/messages/batch', batch);
      expect(many.results[0]?.id).toEqual(expect.any(String));
      expect(faultsOf(many.results[1]?.problem as ProblemView)).toEqual([['/subject', 'required']]);
    });

    it('is absent when templates, categories, contacts, groups, suppressions and keys are made', async () => {
      const nothing = { description: null, enabled: null, categoryId: null, attachments: null, from: null, text: null };
      const made: readonly [string, object][] = [
        ['/v1/templates', { name: unique('t-'), subject: 's', html: 'x', ...nothing }],
        ['/v1/template-categories', { name: unique('c-'), parentId: null, description: null }],
        ['/v1/contacts', { addresses: [address()], externalId: null, name: null, groups: null, attributes: null }],
        ['/v1/groups', { name: unique('g-'), description: null }],
        ['/v1/suppressions', { addresses: [address()], scope: 'marketing', reason: null }],
        ['/v1/api-keys', { name: unique('k-'), client: null, scopes: ['messages:read'] }],
      ];
      for (const [path, body] of made) {
        expect([path, (await actors.gateway.post(path, body)).status]).toEqual([path, 201]);
      }
      const line = JSON.stringify({ addresses: [address()], groups: null, attributes: { a: null } });
      const { body } = await actors.gateway.call('POST', '/v1/contacts/import', { body: line, headers: NDJSON });
      expect(body).toMatchObject({ imported: 1, rejected: 0 });
    });

    /** Changes with every member null leave everything; changes with every member empty clear what may be absent. */
    const CHANGES = {
      '/v1/contacts': {
        made: () => ({ addresses: [address()], externalId: unique('x-'), name: 'Kim', attributes: { a: 'b' } }),
        cleared: { externalId: '', name: '', attributes: {}, groups: [] },
        shown: { externalId: null, name: null, attributes: {}, groups: [] },
      },
      '/v1/groups': {
        made: () => ({ name: unique('g-'), description: 'd' }),
        cleared: { description: '' },
        shown: { description: null },
      },
      '/v1/templates': {
        made: () => ({
          name: unique('t-'),
          subject: 's',
          html: 'x',
          text: 'y',
          description: 'd',
          from: 'a@example.com',
        }),
        cleared: { description: '', text: '', from: '', categoryId: '', attachments: [] },
        shown: { description: null, text: null, from: null, categoryId: null, attachments: [], subject: 's' },
      },
      '/v1/template-categories': {
        made: () => ({ name: unique('c-'), description: 'd' }),
        cleared: { description: '', parentId: '' },
        shown: { description: null, parentId: null },
      },
    };

    it.each(Object.entries(CHANGES))('changes nothing in PATCH %s; an empty value clears', async (path, change) => {
      const { gateway } = actors;
      const placed: Record<string, unknown> = change.made();
      const { body: category } = await gateway.post<{ id: string }>('/v1/template-categories', { name: unique('c-') });
      if ('categoryId' in change.cleared) placed['categoryId'] = category.id;
      if ('parentId' in change.cleared) placed['parentId'] = category.id;
      const { body: made } = await gateway.post<{ id: string }>(path, placed);
      const nulls = Object.fromEntries(Object.keys({ ...placed, ...change.cleared }).map((name) => [name, null]));
      const kept = await gateway.call('PATCH', `${path}/${made.id}`, { body: nulls });
      expect([kept.status, kept.body]).toEqual([200, { ...made, updatedAt: expect.any(String) }]);
      const cleared = await gateway.call('PATCH', `${path}/${made.id}`, { body: change.cleared });
      expect([cleared.status, cleared.body]).toMatchObject([200, change.shown]);
    });
  });

  describe('a member that is given twice', () => {
    const rest = '"from":"a@example.com","subject":"s","text":"t"';
    const twice = (more = '') => `{"to":"a@example.com","to":"b@example.com",${rest}${more}}`;
    const post = (path: string, body: string, headers?: Readonly<Record<string, string>>) =>
      actors.gateway.call<ProblemView & { results: readonly Entry[] }>('POST', path, {
        body,
        ...(headers && { headers }),
      });

    it.each([
      ['a message', '/v1/messages', twice(), '/to'],
      [
        'a preview',
        '/v1/messages/preview',
        `{"to":"a@example.com",${rest},"metadata":{"a":{"b":1,"b":1}}}`,
        '/metadata/a/b',
      ],
      [
        'a large message',
        '/v1/messages',
        `{${rest},"recipients":[${Array.from({ length: 9000 }, (_, i) => `{"address":"a${i}@example.com"}`).join(',')},{"address":"x@example.com","address":"y@example.com"}]}`,
        '/recipients/9000/address',
      ],
      ['a contact', '/v1/contacts', '{"addresses":["a@example.com"],"addresses":["b@example.com"]}', '/addresses'],
    ])('is refused in %s', async (_, path, body, pointer) => {
      const { status, body: problem } = await post(path, body);
      expect([status, problem.code, problem.detail]).toEqual([
        400,
        'malformed_json',
        `The body gives the member ${pointer} more than once.`,
      ]);
    });

    it('is refused with its line in NDJSON, and costs a row of an import', async () => {
      const line = '{"address":"b@example.com","address":"c@example.com"}';
      const streamed = await post('/v1/messages', `{${rest}}\n{"address":"a@example.com"}\n${line}\n`, NDJSON);
      expect([streamed.status, streamed.body.detail]).toEqual([
        400,
        'Line 3 gives the member /address more than once.',
      ]);
      const rows = [`{"addresses":["${address()}"]}`, '{"name":"a","addresses":["b@example.com"],"name":"c"}'];
      const imported = await post('/v1/contacts/import', rows.join('\n'), NDJSON);
      expect(imported.body).toMatchObject({ imported: 1, rejected: 1, errors: [{ pointer: '/name', line: 2 }] });
    });

    it('costs the entry of a batch that it is in', async () => {
      const { status, body } = await post(
        '/v1/messages/batch',
        `{"messages":[${JSON.stringify(message())},${twice()}]}`,
      );
      expect(status).toBe(200);
      expect(body.results).toMatchObject([
        { id: expect.any(String) },
        { problem: { status: 400, code: 'malformed_json' } },
      ]);
      expect((await post('/v1/messages/batch', `{"messages":[],"messages":[${twice()}]}`)).status).toBe(400);
    });
  });

  describe('a number that cannot be kept', () => {
    const texts = `"from":"a@example.com","subject":"s","html":"{{o}} {{n}}"`;

    it('is refused at its place, never changed', async () => {
      const { gateway } = actors;
      const cases: readonly [path: string, body: string, pointers: readonly string[]][] = [
        [
          '/v1/messages',
          `{${texts},"to":"a@example.com","variables":{"o":${HUGE},"n":9007199254740993},"metadata":{"o":${HUGE}}}`,
          ['/variables/o', '/variables/n', '/metadata/o'],
        ],
        ['/v1/messages/preview', `{${texts},"to":"a@example.com","variables":{"o":1,"n":1e999}}`, ['/variables/n']],
        [
          '/v1/messages',
          `{${texts},"recipients":[{"address":"a@example.com","variables":{"o":1,"n":0.12345678901234567891}}]}`,
          ['/recipients/0/variables/n'],
        ],
        ['/v1/contacts', `{"addresses":["a@example.com"],"attributes":{"p":${HUGE}}}`, ['/attributes/p']],
        [`/v1/templates/tpl_01h455vb4pex5vsknk084sn02q/preview`, `{"variables":{"o":${HUGE}}}`, ['/variables/o']],
      ];
      for (const [path, body, pointers] of cases) {
        const answer = await gateway.call('POST', path, { body });
        expect([path, answer.status, pointersOf(answer.body)]).toEqual([path, 422, pointers]);
        expect(answer.body.errors?.[0]?.detail).toContain('send it as text');
      }
    });

    it('is refused in a large message, too', async () => {
      const one = (i: number, n: string) => `{"address":"r.${i}@example.com","variables":{"o":"x","n":${n}}}`;
      const list = Array.from({ length: 5000 }, (_, i) => one(i, i === 4000 ? HUGE : '1'));
      const { status, body } = await actors.gateway.call('POST', '/v1/messages', {
        body: `{${texts},"recipients":[${list.join(',')}]}`,
      });
      expect([status, pointersOf(body)]).toEqual([422, ['/recipients/4000/variables/n']]);
    });

    it('spoils its own entry of a batch and its own line of a file only', async () => {
      const { gateway } = actors;
      const good = JSON.stringify(message());
      const batch = `{"messages":[${good},{"metadata":{"n":${HUGE}}},{"metadata":${'['.repeat(8000)}${']'.repeat(8000)}}]}`;
      const { body: many } = await gateway.post<{ results: Entry[] }>('/v1/messages/batch', batch);
      expect(many.results.map(({ id }) => id !== undefined)).toEqual([true, false, false]);
      expect(pointersOf(many.results[1]?.problem as ProblemView)).toEqual(['/metadata/n']);
      expect(many.results[2]?.problem?.errors?.[0]).toMatchObject({ pointer: expect.stringMatching(/^\/metadata\/0/) });
      const contacts = [`{"addresses":["${address()}"]}`, `{"addresses":["${address()}"],"attributes":{"n":${HUGE}}}`];
      const { body } = await gateway.call('POST', '/v1/contacts/import', {
        body: contacts.join('\n'),
        headers: NDJSON,
      });
      expect(body).toMatchObject({ imported: 1, rejected: 1, errors: [{ line: 2, pointer: '/attributes/n' }] });
      const stream = [`{${texts}}`, '{"address":"a@example.com","variables":{"o":"1","n":"2"}}'];
      const bad = [...stream, `{"address":"b@example.com","variables":{"o":${HUGE},"n":1}}`];
      const streamed = await gateway.call('POST', '/v1/messages', { body: bad.join('\n'), headers: NDJSON });
      expect(streamed.body.errors).toMatchObject([{ line: 3, pointer: '/variables/o', code: 'not_allowed' }]);
      const file = `{"version":1,"templates":[{"name":"${unique('t-')}","subject":"s","html":"x","enabled":1e999},{"name":"${unique('t-')}","subject":"s","html":"x"}]}`;
      expect((await gateway.post('/v1/templates/import', file)).body).toMatchObject({
        imported: 1,
        errorCount: 1,
        errors: [{ pointer: '/templates/0/enabled' }],
      });
    });
  });

  it('knows the name that changes an object however it is written', async () => {
    for (const name of ['__proto__', '\\u005f\\u005fproto__']) {
      const body = `{"addresses":["${address()}"],"attributes":{"${name}":"x"}}`;
      const answer = await actors.gateway.call('POST', '/v1/contacts', { body });
      expect([answer.status, faultsOf(answer.body)]).toEqual([422, [['/attributes/__proto__', 'unknown_field']]]);
      const { body: file } = await actors.gateway.call('POST', '/v1/contacts/import', { body, headers: NDJSON });
      expect(file).toMatchObject({ imported: 0, rejected: 1, errors: [{ line: 1, pointer: '/attributes/__proto__' }] });
    }
    const attributes = { constructor: 'a', prototype: 'b', toString: 'c' };
    const { body } = await actors.gateway.post<{ id: string }>('/v1/contacts', { addresses: [address()], attributes });
    expect(await actors.gateway.get<PageView<unknown>>(`/v1/contacts/${body.id}`)).toMatchObject({ attributes });
  });

  describe('a hostile body', () => {
    it('gets a short answer, however long its names are', async () => {
      const name = 'n'.repeat(512 * 1024);
      const values = Array.from({ length: 1000 }, () => '"\\u0000"').join(',');
      const { status, body } = await actors.gateway.post('/v1/messages', `{"${name}":[${values}]}`);
      expect([status, body.errorCount, body.errors?.length]).toEqual([422, 1000, 100]);
      expect(JSON.stringify(body).length).toBeLessThan(64 * 1024);
      expect(body.errors?.[0]?.pointer).toMatch(/^\/n+…$/);
    });

    it('gets a short answer from a batch of a thousand wrong messages', async () => {
      const wrong = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`${'w'.repeat(150)}${i}`, 1]));
      const messages = Array.from({ length: 1000 }, () => wrong);
      const { body } = await actors.gateway.post<{ results: Entry[] }>('/v1/messages/batch', { messages });
      expect(JSON.stringify(body).length).toBeLessThan(2 * 1024 * 1024);
      expect(body.results.map(({ problem }) => problem?.errorCount)).toEqual(messages.map(() => 93));
      expect(body.results.every(({ problem }) => (problem?.errors?.length ?? 0) > 0)).toBe(true);
    });

    it('costs nothing where it is brackets only', async () => {
      const before = await apiProcessorSeconds();
      const { status } = await actors.gateway.post('/v1/messages', '['.repeat(20_000_000));
      expect(status).toBe(400);
      // Parsing them took 5.6 s.
      expect((await apiProcessorSeconds()) - before).toBeLessThan(4);
    });
  });
});
