import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  unique,
  useOwnGateway,
  type BatchView,
  type MessageView,
  type PageView,
} from '@gateway/testing';

const TOKEN = unique('a-token-that-is-hard-to-guess-');

/** An account whose vendor calls the gateway without proof of being the vendor. It is asked rarely otherwise. */
describe('hooks that prove nothing', () => {
  const actors = useOwnGateway({
    queue: 'postgres',
    env: { NHN_INBOUND_TOKEN: TOKEN, NHN_API_VERSION: 'v2.1', POLL_INTERVAL_MS: '600000', SETTLE_MS: '600000' },
  });
  const url = (token = TOKEN): string => `${actors.address.apiUrl}/v1/inbound/nhn/${token}`;

  const hooks = (settings: object) => actors.simulator.change({ nhn: { hooks: { url: url(), ...settings } } });

  const post = async (body: string | Uint8Array, { token = TOKEN, type = 'application/json' } = {}) => {
    const answer = await fetch(url(token), { method: 'POST', headers: { 'content-type': type }, body });
    return { status: answer.status, text: await answer.text() };
  };

  const completed = (id: string, count: number): Promise<void> =>
    eventually(async () => {
      const { status, counts } = await actors.gateway.get<MessageView>(`/v1/messages/${id}`);
      expect([status, counts['delivered']]).toEqual(['completed', count]);
    });

  it('shows that the account is asked and reports', async () => {
    const { data } = await actors.gateway.get<PageView<{ name: string; capabilities: object }>>('/v1/providers');
    expect(data.map(({ name, capabilities }) => [name, capabilities])).toEqual([
      ['ncp', expect.objectContaining({ tracking: ['poll'] })],
      ['nhn', expect.objectContaining({ tracking: ['poll', 'push'] })],
    ]);
  });

  it.each([
    ['on time', {}],
    ['twice, and one recipient a call', { times: 2, hooksPerCall: 1 }],
    [
      'late, newest first, by the other name of the key',
      { delayMs: 700, order: 'reversed', keyName: 'senderGroupKey', mailSeq: 'text' },
    ],
    ['after forged ones that say the opposite', { forged: 4 }],
  ])('follows a mail to the end by hooks that come %s', async (_, settings) => {
    await hooks(settings);
    const { id } = await actors.gateway.send(aMessage().through('nhn').from(aSender()).toMany(3));
    await completed(id, 3);
  });

  it('settles a doubt in seconds, and nothing is sent twice', async () => {
    await hooks({ delayMs: 1500 });
    const sender = aSender();
    // Not listed at the first look-up. The second one would come in minutes.
    await actors.simulator.trouble({ kind: 'accept_then_drop', operation: 'send', sender, lagMs: 1000 });
    const { id } = await actors.gateway.send(aMessage().through('nhn').from(sender).toMany(2));
    await eventually(async () => {
      const { data: batches } = await actors.gateway.get<PageView<BatchView>>(`/v1/messages/${id}/batches`);
      expect(batches[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['adopted']);
    });
    expect(await actors.simulator.summary(sender)).toMatchObject({ recipients: 2, repeatedAddresses: { count: 0 } });
  });

  it('answers forged, broken and endless pushes at once, and believes none', async () => {
    const sender = aSender();
    await actors.simulator.change({ nhn: { hooks: {} } });
    const { id } = await actors.gateway.send(aMessage().through('nhn').from(sender).to('stuck@example.com'));
    await eventually(async () => expect(await actors.simulator.requests(sender)).toHaveLength(1));
    const [request] = await actors.simulator.requests(sender);
    const forged = {
      requestId: request?.requestId,
      senderGroupingKey: request?.marker,
      mailStatusCode: 'SST3',
      dsnCode: '5.1.1',
    };
    const good = JSON.stringify({ hooks: [forged] });
    const floods = await Promise.all(
      Array.from({ length: 300 }, (__, n) => post(n % 2 === 0 ? good : good.replaceAll('2', '3'))),
    );
    expect(new Set(floods.map(({ status }) => status))).toEqual(new Set([204]));
    const broken = await Promise.all([
      post('{'),
      post(new Uint8Array([0x7b, 0xff, 0x7d])),
      post(good, { type: 'text/xml' }),
      post('x'.repeat(600_000)),
      post(`{"hooks":${'['.repeat(250_000)}`),
      post(good, { token: `${TOKEN}x` }),
    ]);
    expect(broken.map(({ status }) => status)).toEqual([400, 400, 415, 413, 400, 404]);
    expect(broken.map(({ text }) => text).join()).not.toContain(TOKEN.slice(0, 20));
    const { status, counts } = await actors.gateway.get<MessageView>(`/v1/messages/${id}`);
    expect([status, counts]).toEqual(['sending', expect.objectContaining({ delivered: 0, failed: 0, bounced: 0 })]);
  });
});
