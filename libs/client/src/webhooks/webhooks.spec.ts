import { generateKeyPairSync, sign as signByNode, verify as verifyByNode } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook as Oracle } from 'standardwebhooks';
import type { GatewayEvent } from '../event.types.js';
import { newSecret, sign, verify, webhookBody, WebhookVerificationError } from '../webhooks.js';

const event = (n = 1): GatewayEvent => ({
  id: `evt_${n}`,
  type: 'recipient.bounced',
  at: '2026-11-01T00:00:00.000Z',
  messageId: 'msg_1',
  position: 0,
  address: '김@example.com',
  data: { reason: 'unknown_user' },
});

const SECRET = newSecret();
const BODY = webhookBody(event());
const now = Date.now();
const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'accepted',
    (error: unknown) => (error instanceof WebhookVerificationError ? error.code : error),
  );

describe('a webhook signed with HMAC', () => {
  it('is one of a stock library of Standard Webhooks', async () => {
    const oracle = new Oracle(SECRET);
    const headers = {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(now / 1000)),
      'webhook-signature': oracle.sign('evt_1', new Date(now), BODY),
    };
    const webhook = await verify({ headers, body: BODY, keys: SECRET });
    expect(webhook).toMatchObject({ id: 'evt_1', replay: false, events: [event()] });
    expect(webhook.timestamp.getTime()).toBe(Math.floor(now / 1000) * 1000);
  });

  it('that the helper signs is accepted by the stock library', async () => {
    const headers = await sign({ id: 'evt_1', body: BODY, keys: SECRET });
    expect(new Oracle(SECRET).verify(BODY, { ...headers })).toEqual(JSON.parse(BODY));
  });

  it('is accepted as text and bytes, with headers of every kind', async () => {
    const signed = await sign({ id: 'evt_1', body: BODY, keys: SECRET });
    const bytes = new TextEncoder().encode(BODY);
    const upper = Object.fromEntries(Object.entries(signed).map(([name, value]) => [name.toUpperCase(), [value]]));
    for (const headers of [signed, new Headers({ ...signed }), upper]) {
      for (const body of [BODY, bytes, Buffer.from(BODY), bytes.buffer]) {
        expect((await verify({ headers, body, keys: SECRET })).events).toEqual([event()]);
      }
    }
  });

  it('is accepted while its secret is rotated: by any key, any signature', async () => {
    const [old, other] = [newSecret(), newSecret()];
    const both = await sign({ id: 'evt_1', body: BODY, keys: [old, SECRET] });
    for (const keys of [old, SECRET, [other, SECRET], [old, other]]) {
      expect(await codeOf(verify({ headers: both, body: BODY, keys }))).toBe('accepted');
    }
    expect(await codeOf(verify({ headers: both, body: BODY, keys: other }))).toBe('no_matching_signature');
    const newer = { ...both, 'webhook-signature': `v2,AAAA ${both['webhook-signature']} v1,***` };
    expect(await codeOf(verify({ headers: newer, body: BODY, keys: SECRET }))).toBe('accepted');
  });

  it.each([
    ['another body', { body: `${BODY} ` }],
    ['another id', { change: { 'webhook-id': 'evt_2' } }],
    ['another time', { change: { 'webhook-timestamp': String(Math.floor(now / 1000) - 1) } }],
    ['no signature of a known version', { change: { 'webhook-signature': 'v3,abc' } }],
    ['a shortened signature', { cut: true }],
  ])('is refused with %s', async (_name, { body = BODY, change = {}, cut = false }: Tampering) => {
    const signed = await sign({ id: 'evt_1', body: BODY, keys: SECRET, now });
    const headers = { ...signed, ...change };
    if (cut) headers['webhook-signature'] = headers['webhook-signature'].slice(0, -8);
    expect(await codeOf(verify({ headers, body, keys: SECRET }))).toBe('no_matching_signature');
  });

  it.each([
    [-301, 'timestamp_too_old'],
    [-299, 'accepted'],
    [299, 'accepted'],
    [301, 'timestamp_too_new'],
  ])('that is %d s from now is %s', async (seconds, expected) => {
    const headers = await sign({ id: 'evt_1', body: BODY, keys: SECRET, now: 1_000_000_000 + seconds * 1000 });
    expect(await codeOf(verify({ headers, body: BODY, keys: SECRET, now: 1_000_000_000 }))).toBe(expected);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('is refused without %s', async (name) => {
    const headers = { ...(await sign({ id: 'evt_1', body: BODY, keys: SECRET })), [name]: undefined };
    expect(await codeOf(verify({ headers, body: BODY, keys: SECRET }))).toBe('missing_header');
  });

  it.each(['', '1e9', '-5', '0x10', 'now'])('is refused at the time %j', async (timestamp) => {
    const headers = { ...(await sign({ id: 'evt_1', body: BODY, keys: SECRET })), 'webhook-timestamp': timestamp };
    expect(await codeOf(verify({ headers, body: BODY, keys: SECRET }))).toMatch(/invalid_timestamp|missing_header/);
  });

  it.each(['', 'nonsense', '[]', 'null', '{"type":"events.batch","data":{}}', '{"type":"x"}'])(
    'is refused when what is signed is %j',
    async (body) => {
      const headers = await sign({ id: 'evt_1', body, keys: SECRET });
      expect(await codeOf(verify({ headers, body, keys: SECRET }))).toBe('invalid_payload');
    },
  );

  it('gives the events of a batch, and says whether it is a replay', async () => {
    const body = webhookBody([event(1), event(2)]);
    const headers = { ...(await sign({ id: 'whs_1', body, keys: SECRET })), 'webhook-replay': 'true' };
    const webhook = await verify({ headers, body, keys: SECRET });
    expect(webhook).toMatchObject({ id: 'whs_1', replay: true });
    expect(webhook.events.map(({ id }) => id)).toEqual(['evt_1', 'evt_2']);
  });

  it('narrows an event by its type', async () => {
    const headers = await sign({ id: 'evt_1', body: BODY, keys: SECRET });
    const { events } = await verify({ headers, body: BODY, keys: SECRET });
    for (const each of events) {
      if (each.type === 'recipient.bounced')
        expect([each.address, each.data.reason]).toEqual(['김@example.com', 'unknown_user']);
    }
    expect.assertions(1);
  });
});

interface Tampering {
  readonly body?: string;
  readonly change?: Readonly<Record<string, string>>;
  readonly cut?: boolean;
}

describe('a webhook signed with ed25519', () => {
  const pair = generateKeyPairSync('ed25519');
  const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const seed = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const publicKey = `whpk_${raw.toString('base64')}`;

  it('by Node is accepted', async () => {
    const timestamp = String(Math.floor(now / 1000));
    const signature = signByNode(null, Buffer.from(`evt_1.${timestamp}.${BODY}`), pair.privateKey);
    const headers = {
      'webhook-id': 'evt_1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1a,${signature.toString('base64')}`,
    };
    expect(await codeOf(verify({ headers, body: BODY, keys: publicKey }))).toBe('accepted');
    expect(await codeOf(verify({ headers, body: BODY, keys: [SECRET, publicKey] }))).toBe('accepted');
    expect(await codeOf(verify({ headers, body: BODY, keys: SECRET }))).toBe('no_matching_signature');
    expect(await codeOf(verify({ headers, body: `${BODY} `, keys: publicKey }))).toBe('no_matching_signature');
  });

  it.each([seed, Buffer.concat([seed, raw])])('by the helper is accepted by Node', async (key) => {
    const headers = await sign({ id: 'evt_1', body: BODY, keys: `whsk_${key.toString('base64')}` });
    const [version, text = ''] = headers['webhook-signature'].split(',');
    const content = Buffer.from(`evt_1.${headers['webhook-timestamp']}.${BODY}`);
    expect([version, verifyByNode(null, content, pair.publicKey, Buffer.from(text, 'base64'))]).toEqual(['v1a', true]);
  });
});

describe('wrong arguments', () => {
  const request = async () => ({ headers: { ...(await sign({ id: 'evt_1', body: BODY, keys: SECRET })) }, body: BODY });

  it.each(['', 'secret', 'whsec_', 'whsec_***', 'whpk_AAAA', 'whsk_AAAA'])(
    'are reported for the key %j',
    async (keys) => {
      const error = await codeOf(verify({ ...(await request()), keys }));
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).not.toContain('AAAA');
    },
  );

  it('are reported for no key, and for a body that was parsed', async () => {
    expect(await codeOf(verify({ ...(await request()), keys: [] }))).toBeInstanceOf(TypeError);
    const parsed = JSON.parse(BODY) as string;
    expect(await codeOf(verify({ ...(await request()), body: parsed, keys: SECRET }))).toBeInstanceOf(TypeError);
    const publicKey = `whpk_${Buffer.alloc(32, 1).toString('base64')}`;
    await expect(sign({ id: 'evt_1', body: BODY, keys: publicKey })).rejects.toThrow(TypeError);
  });
});
