import { describe, expect, it } from '@jest/globals';
import { aMessage, unique, useSharedGateway } from '@gateway/testing';
import { NDJSON, outcomeOf } from './outcome.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/** A number in the place of `#`, as it is typed. */
const withNumber = (body: object, digits: string): string => JSON.stringify(body).replaceAll('"#"', digits);

describe('a number that cannot be kept', () => {
  const actors = useSharedGateway('postgres');
  const DIGITS = [
    '4634343214213523454',
    '-9007199254740993',
    '9007199254740993',
    '123456789012345678901234567890',
    '1e400',
  ];
  const message = (fields: object) =>
    aMessage()
      .with({ subject: 'Order {{o}}', html: '<p>{{o}}</p>', ...fields })
      .build();
  const PLACES: readonly (readonly [string, string, object, RegExp])[] = [
    ['variables', '/v1/messages', message({ variables: { o: '#' } }), /^422 .*\/variables\/o /],
    ['metadata', '/v1/messages', message({ variables: { o: 1 }, metadata: { o: '#' } }), /^422 .*\/metadata\/o /],
    [
      'metadata of metadata',
      '/v1/messages',
      message({ variables: { o: 1 }, metadata: { a: [{ o: '#' }] } }),
      /^422 .*\/metadata\/a\/0\/o /,
    ],
    ['variables of a preview', '/v1/messages/preview', message({ variables: { o: '#' } }), /^422 .*\/variables\/o /],
    [
      'variables of a recipient',
      '/v1/messages',
      message({
        to: undefined,
        recipients: [{ address: 'a@b15.example.com', variables: { o: '#' } }],
      }),
      /^422 .*\/recipients\/0\/variables\/o /,
    ],
    [
      'attributes of a contact',
      '/v1/contacts',
      { addresses: ['a@b15.example.com'], attributes: { o: '#' } },
      /^422 .*\/attributes\/o /,
    ],
  ];

  it.each(PLACES)('is reported in %s', async (_place, path, body, outcome) => {
    for (const digits of DIGITS) {
      const answer = await actors.gateway.post(path, withNumber(body, digits), JSON_TYPE);
      // A number beyond JSON's own range may be reported as such.
      expect([digits, outcomeOf(answer)]).toEqual([
        digits,
        expect.stringMatching(digits === '1e400' ? /^4(00|22)/ : outcome),
      ]);
    }
  });

  it('is reported for its own message of a batch', async () => {
    const body = withNumber({ messages: [message({ variables: { o: '#' } }), aMessage().build()] }, DIGITS[0] ?? '');
    const { body: answer } = await actors.gateway.post<{
      results: readonly {
        id?: string;
        problem?: { errors: readonly { pointer: string }[] };
      }[];
    }>('/v1/messages/batch', body, JSON_TYPE);
    expect(answer.results[0]?.problem?.errors[0]?.pointer).toMatch(/\/variables\/o$/);
    expect(answer.results[1]?.id).toMatch(/^msg_/);
  });

  it('is reported in a line of a stream and of an import', async () => {
    const line = withNumber({ address: 'a@b15.example.com', variables: { o: '#' } }, DIGITS[0] ?? '');
    const stream = `${JSON.stringify(aMessage().with({ to: undefined, subject: '{{o}}' }).build())}\n${line}\n`;
    const answer = await actors.gateway.post('/v1/messages', stream, {
      'content-type': NDJSON,
    });
    expect(outcomeOf(answer)).toMatch(/^422 \/variables\/o /);
    const contact = withNumber(
      { addresses: [`${unique('n')}@b15.example.com`], attributes: { o: '#' } },
      DIGITS[2] ?? '',
    );
    const { body } = await actors.gateway.post<{ rejected: number }>('/v1/contacts/import', `${contact}\n`, {
      'content-type': NDJSON,
    });
    expect(body.rejected).toBe(1);
  });

  it.each(['9007199254740991', '-9007199254740991', '0.1', '1e2', '1.50'])('is not this: %s', async (digits) => {
    const answer = await actors.gateway.post(
      '/v1/messages/preview',
      withNumber(message({ variables: { o: '#' } }), digits),
      JSON_TYPE,
    );
    expect(outcomeOf(answer)).toBe('200');
  });
});

describe('null', () => {
  const actors = useSharedGateway('postgres');
  const members = (...names: readonly string[]) => names.map((name) => [name] as const);

  it.each(
    members(
      ...[
        'text',
        'audience',
        'recipients',
        'cc',
        'bcc',
        'variables',
        'metadata',
        'tags',
        'headers',
        'attachments',
        'sendAt',
      ],
      ...['provider', 'onQuota', 'dedupe', 'allowSplit', 'dryRun', 'category', 'delivery', 'template'],
    ),
  )('is an absent %s of a message', async (name) => {
    const message = aMessage()
      .with({ [name]: null })
      .build();
    expect(outcomeOf(await actors.gateway.post('/v1/messages/preview', message))).toBe('200');
  });

  it.each(members('name', 'type', 'variables'))('is an absent %s of a recipient', async (name) => {
    const message = aMessage().with({
      to: undefined,
      recipients: [{ address: 'b@b25.example.com', [name]: null }],
    });
    expect(outcomeOf(await actors.gateway.post('/v1/messages/preview', message.build()))).toBe('200');
  });

  it.each(members('text', 'description', 'attachments', 'enabled', 'from', 'categoryId'))(
    'is an absent %s of a template',
    async (name) => {
      const template = {
        name: unique('b25-'),
        subject: 's',
        html: 'x',
        [name]: null,
      };
      expect(outcomeOf(await actors.gateway.post('/v1/templates', template))).toBe('201');
    },
  );

  it.each(members('name', 'groups', 'attributes', 'externalId'))('is an absent %s of a contact', async (name) => {
    const contact = {
      addresses: [`${unique('b25')}@b25.example.com`],
      [name]: null,
    };
    expect(outcomeOf(await actors.gateway.post('/v1/contacts', contact))).toBe('201');
    const line = `${JSON.stringify({ ...contact, addresses: [`${unique('b25')}@b25.example.com`] })}\n`;
    const { body } = await actors.gateway.post<{ imported: number }>('/v1/contacts/import', line, {
      'content-type': NDJSON,
    });
    expect(body.imported).toBe(1);
  });

  it.each([
    ['/v1/suppressions', { addresses: ['a@b25.example.com'], scope: 'marketing', reason: null }],
    ['/v1/groups', { name: unique('b25-'), description: null }],
    ['/v1/template-categories', { name: unique('b25-'), description: null, parentId: null }],
    ['/v1/api-keys', { name: unique('b25-'), scopes: ['statistics'], client: null }],
    [
      '/v1/messages/preview',
      {
        ...aMessage().build(),
        from: { address: 'a@b25.example.com', name: null },
      },
    ],
    ['/v1/messages/preview', { ...aMessage().build(), html: null, text: 'x' }],
  ])('is an absent member of POST %s too', async (path, body) => {
    expect((await actors.gateway.post(path, body)).status).toBeLessThan(300);
  });

  it.each(['from', 'subject'])('is what is missing where %s is required, and nothing else is wrong', async (name) => {
    const answer = await actors.gateway.post(
      '/v1/messages/preview',
      aMessage()
        .with({ [name]: null })
        .build(),
    );
    expect(outcomeOf(answer)).toMatch(new RegExp(`^422 /${name} (required|invalid_type)$`));
  });

  it('is no value of a variable', async () => {
    const message = aMessage()
      .with({ subject: '{{x}}', variables: { x: null } })
      .build();
    expect(outcomeOf(await actors.gateway.post('/v1/messages/preview', message))).toMatch(
      /^422 \S+ (missing_variable|invalid_type)$/,
    );
  });
});

describe('a query', () => {
  const actors = useSharedGateway('postgres');

  it.each(['2026-11-20T00:00:00+09:00', 'nonsense', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-20'])(
    'has one error for one wrong time: %s',
    async (text) => {
      for (const path of ['/v1/messages?createdAfter=', '/v1/messages?createdBefore=', '/v1/suppressions?since=']) {
        const answer = await actors.gateway.call('GET', `${path}${text}`);
        const pointer = path.slice(path.indexOf('?') + 1, -1);
        expect([path, outcomeOf(answer)]).toEqual([path, `422 /${pointer} invalid_type`]);
      }
    },
  );

  it.each(['0x10', '1e2', '+5', '%205', '5.0', '05x', '', '٣', '1_0'])(
    'has a limit in digits only: %s',
    async (limit) => {
      const answer = await actors.gateway.call('GET', `/v1/messages?limit=${limit}`);
      expect(outcomeOf(answer)).toMatch(/^422 \/limit /);
    },
  );

  it.each(['%FF', '%C3%28', '%ED%A0%80', '%zz'])('is UTF-8: %s', async (bytes) => {
    for (const path of ['/v1/messages?tag=', '/v1/templates?q=', '/v1/contacts?externalId=', '/v1/contacts?group=']) {
      const { status } = await actors.gateway.call('GET', `${path}${bytes}`);
      expect([path, [400, 422].includes(status)]).toEqual([path, true]);
    }
  });
});

describe('a member named __proto__', () => {
  const actors = useSharedGateway('postgres');

  it.each(['__proto__', '\\u005f\\u005fproto__', '__proto\\u005f_'])(
    'is judged by its name, however that is spelt: %s',
    async (name) => {
      const body = `{"addresses":["${unique('p')}@p.example.com"],"attributes":{"${name}":"x"}}`;
      const plain = body.replace(name, '__proto__').replace(/p[0-9a-f]{12}/, () => unique('p'));
      const [one, other] = [
        await actors.gateway.post('/v1/contacts', body, JSON_TYPE),
        await actors.gateway.post('/v1/contacts', plain, JSON_TYPE),
      ];
      expect(outcomeOf(one)).toBe(outcomeOf(other));
    },
  );
});
