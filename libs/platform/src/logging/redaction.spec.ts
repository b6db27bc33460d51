import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUnmistakable } from './literal-secrets.js';
import { createLogger } from './logger.js';
import { redactSecrets } from './redact-text.js';
import { isSecretName } from './secret-names.js';

/** The line that a record becomes. Address masks would change what is compared here, so the level is open. */
function lineOf(record: object, secrets: readonly string[]): string {
  let written = '';
  const destination = { write: (line: string) => void (written += line) };
  createLogger({ name: 'api', level: 'debug', destination, secrets }).info(record, 'done');
  return written;
}

const shown = (record: object, ...secrets: string[]) => JSON.parse(lineOf(record, secrets)) as Record<string, unknown>;

describe(isSecretName, () => {
  it.each([
    'authorization',
    'Proxy-Authorization',
    'password',
    'dbPassword',
    'passwd',
    'x-ncp-apigw-signature-v2',
    'x-ncp-iam-access-key',
    'NHN_APP_KEY',
    'appKey',
    'secretKey',
    'X-Secret-Key',
    'accessKeyId',
    'apiKey',
    'sessionToken',
    'token',
    'tokens',
    'Set-Cookie',
    'cookies',
    'clientSecret',
    'previousSecrets',
    'credentials',
  ])('%s holds a credential', (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    'tokenCount',
    'tokenType',
    'passwordless',
    'secretary',
    'signatureAlgorithm',
    'cookieJarSize',
    'nextCursor',
    'keyId',
    'apiKeyId',
    'idempotencyKey',
    'key',
    'keyword',
    'monkey',
    'authorized',
    'leaseTokenUntil',
    'tokenizer',
  ])('%s only looks like it', (name) => expect(isSecretName(name)).toBe(false));
});

describe('a credential in a log line', () => {
  it('that is short garbles no text: it is masked only where it is a value by itself', () => {
    const record = { queue: 'dispatch-nhn', state: 'a test failed at a test', testing: 'contest', attempts: 1 };
    for (const secret of ['a', 'test', '1', 'te']) expect(shown(record, secret)).toMatchObject(record);
    expect(shown({ value: 'test', query: 'appKey=test&x=1', said: 'no "test" here' }, 'test')).toMatchObject({
      value: '[redacted]',
      query: 'appKey=[redacted]&x=1',
      said: 'no "[redacted]" here',
    });
    expect(shown({}, 'info', 'api', 'done')).toMatchObject({ level: 'info', name: 'api', msg: '[redacted]' });
  });

  it('that is a word or a date of eight letters is one of the short ones', () => {
    const record = { url: '/v1/messages', day: '20261129T0000', zeros: 'id-0000000000' };
    expect(shown(record, 'messages', '20261129', '00000000')).toMatchObject(record);
  });

  it('never changes a name or a number', () => {
    const record = { 'thing-1234': 'x', n: 12345678901234567, list: [{ 'thing-1234': 9 }] };
    const line = lineOf(record, ['thing-1234', '12345678901234567']);
    expect(line).toContain('"thing-1234":"x"');
    expect(line).toContain(`"n":${record.n}`);
    expect(JSON.parse(line)).toMatchObject(record);
  });

  it('is found however it is written', () => {
    const secret = 'k3y/+"&=\\ü 9';
    const forms = [
      secret,
      encodeURIComponent(secret),
      encodeURIComponent(secret).toLowerCase(),
      JSON.stringify({ body: secret }),
      JSON.stringify({ body: JSON.stringify({ inner: secret }) }),
      ...['', 'u:', 'us:'].map((head) => Buffer.from(`${head}${secret}`).toString('base64')),
      Buffer.from(`x${secret}y`).toString('base64url'),
    ];
    for (const form of forms) {
      const { said } = shown({ said: `it was ${form}, then` }, secret);
      expect([form, said]).toEqual([form, expect.stringContaining('[redacted]')]);
      expect(said).not.toContain(form);
    }
  });

  it.each([
    ['Authorization: Bearer abcdef', 'Authorization: [redacted]'],
    ['sent Bearer s3cret-a', 'sent Bearer [redacted]'],
    ['Basic authentication, bearer of news', 'Basic authentication, bearer of news'],
    ['Bearer realm is unknown', 'Bearer realm is unknown'],
    ['gk_4pZ0nZr3-7VbQmT1cH6yWkLdS8eUaJfG', 'gk_[redacted]'],
    ['gk_ab-4pZ0nZr3x7VbQmT1cH6yWkLdS8eU.', 'gk_[redacted].'],
    ['PUT /email/v2.1/appKeys/4pZ0/sender?x=1', 'PUT /email/v2.1/appKeys/[redacted]/sender?x=1'],
    ['postgresql://u:p@ss:w@rd@db.example.com/x', 'postgresql://u:[redacted]@db.example.com/x'],
    ['?secretKey=a1&page=2', '?secretKey=[redacted]&page=2'],
    ['{"token":"a b","tokenCount":"2"}', '{"token":"[redacted]","tokenCount":"2"}'],
    [String.raw`{\"password\":\"a b\",\"n\":1}`, String.raw`{\"password\":\"[redacted]\",\"n\":1}`],
    ['Unexpected token: x', 'Unexpected token: x'],
    ['nextCursor=abc&keyId=key_01h', 'nextCursor=abc&keyId=key_01h'],
    ['k***@example.com and *** and [redacted]', 'k***@example.com and *** and [redacted]'],
  ])('%s', (text, clean) => expect(redactSecrets(text)).toBe(clean));

  it('takes every string of a member with a telling name, and leaves the line JSON', () => {
    const record = {
      cookies: ['a]b"', ['c}d']],
      credentials: { user: 'u', deep: { list: ['e'] }, count: 2 },
      password: '',
      after: 'it',
      tokens: 5,
    };
    expect(shown(record)).toMatchObject({
      cookies: ['[redacted]', ['[redacted]']],
      credentials: { user: '[redacted]', deep: { list: ['[redacted]'] }, count: 2 },
      password: '',
      after: 'it',
      tokens: 5,
    });
  });

  it('is found in the cause of an error, and in what was bound to a child', () => {
    const cause = new Error('connect postgresql://u:s3cret-pass@db/x');
    expect(lineOf({ err: new Error('no luck with k3y-1234', { cause }) }, ['k3y-1234'])).not.toMatch(/s3cret|k3y-1234/);
  });

  it('takes linear time for hostile text', () => {
    const started = performance.now();
    for (const text of ['a.', 'a:', 'token=', '"password":"', 'gk_', 'a://', '\\"', 'Bearer ']) {
      lineOf({ text: text.repeat(100_000) }, ['s3cret-key']);
    }
    // An algorithm that is not linear takes minutes with these inputs; a busy machine does not.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  const namesOf = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(namesOf)
      : typeof value === 'object' && value !== null
        ? Object.entries(value).map(([name, member]) => [name, namesOf(member)])
        : typeof value === 'string'
          ? 'text'
          : value;
  const stringsOf = (value: unknown): readonly string[] =>
    typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(stringsOf);

  it('any secret, any record: no secret in its texts, the same names, numbers and structure', () => {
    // Built so that the secret is in the record: alone, in a sentence, as a name, in nested JSON, encoded.
    const scene = fc.record({ secret: fc.string({ minLength: 1, maxLength: 40 }), junk: fc.jsonValue() });
    fc.assert(
      fc.property(scene, ({ secret, junk }) => {
        const record = {
          junk,
          alone: secret,
          list: [`before ${secret} after`, { [`x${secret}`]: 7, text: secret }],
          nested: JSON.stringify({ of: secret }),
          url: `/x?of=${encodeURIComponent(secret.toWellFormed())}`,
        };
        const plain = JSON.parse(lineOf(record, [])) as Record<string, unknown>;
        const line = JSON.parse(lineOf(record, [secret])) as Record<string, unknown>;
        expect(namesOf({ ...line, time: 0 })).toEqual(namesOf({ ...plain, time: 0 }));
        expect([line['alone'], line['level'], line['name']]).toEqual(['[redacted]', 'info', 'api']);
        const texts = stringsOf({ ...line, time: '', level: '', name: '' });
        if (isUnmistakable(secret) && !'[redacted]'.includes(secret)) {
          for (const text of texts) expect(text.includes(secret)).toBe(false);
        }
        expect(texts).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });
});
