import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSecret, verify } from '../webhooks.js';
import { frame, json, problem, StandIn, stream } from '../stand-in.fixture.js';
import { listen } from './listen.js';
import { readOptions } from './options.js';

describe('listen', () => {
  let gateway: StandIn;
  let handler: StandIn;
  beforeAll(async () => void ([gateway, handler] = await Promise.all([StandIn.start(), StandIn.start()])));
  afterAll(() => Promise.all([gateway.stop(), handler.stop()]));

  it('forwards events, signed like a webhook, and reports what the handler answered', async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    const secret = newSecret();
    gateway.answering(stream([frame('1'), frame('2'), frame('3')]));
    handler.answering(json({}, 204), (response) => response.destroy(), json({}, 500));
    const print = (line: string): void => {
      lines.push(line.replace(/\d+ ms$/, 'n ms').replace(/failed \(.*\)/, 'failed'));
      if (lines.length === 4) stop.abort();
    };
    const { url } = gateway;
    const options = { to: `${handler.url}/hook`, url, key: 'gk_test', secret, types: ['recipient.*'], cursor: '0' };
    await listen(options, { signal: stop.signal, print });
    expect(lines).toEqual([
      `forwarding events of ${gateway.url} to ${handler.url}/hook`,
      '204 recipient.delivered evt_1 n ms',
      'failed recipient.delivered evt_2 n ms',
      '500 recipient.delivered evt_3 n ms',
    ]);
    expect(gateway.seen[0]).toMatchObject({
      path: '/v1/events/stream?types=recipient.*',
      headers: { 'last-event-id': '0' },
    });
    const [first] = handler.seen;
    expect(first).toMatchObject({ method: 'POST', path: '/hook', headers: { 'content-type': 'application/json' } });
    const webhook = await verify({ headers: first?.headers ?? {}, body: first?.body ?? '', keys: secret });
    expect(webhook).toMatchObject({ id: 'evt_1', events: [{ id: 'evt_1', type: 'recipient.delivered' }] });
  });

  it('makes a secret and prints it, and ends with the problem of a wrong key', async () => {
    const lines: string[] = [];
    gateway.answering(problem(401, 'unauthorized'));
    const options = { to: handler.url, url: gateway.url, key: 'gk_wrong', types: [] };
    const listening = listen(options, { signal: new AbortController().signal, print: (line) => void lines.push(line) });
    await expect(listening).rejects.toMatchObject({ code: 'unauthorized' });
    expect(lines).toEqual([expect.stringMatching(/^signed with whsec_.{44}$/)]);
  });

  it.each([
    [['listen'], /--to is missing/],
    [['listen', '--to', 'localhost:4000'], /--to must be a URL/],
    [['listen', '--to', 'http://localhost:4000'], /--key or EMAIL_GATEWAY_API_KEY is missing/],
    [['send', '--to', 'x'], /unknown command send/],
    [['listen', '--nonsense'], /nonsense/],
  ])('refuses %j', (args, reason) => expect(() => readOptions(args, {})).toThrow(reason));

  it('reads its options from the environment, too', () => {
    const env = {
      EMAIL_GATEWAY_URL: 'https://m.example',
      EMAIL_GATEWAY_API_KEY: 'gk_1\n',
      EMAIL_GATEWAY_WEBHOOK_SECRET: 's',
    };
    const args = ['listen', '--to', 'http://localhost:4000/hook', '--types', 'a,b'];
    expect(readOptions(args, env)).toMatchObject({
      url: 'https://m.example',
      key: 'gk_1',
      secret: 's',
      types: ['a', 'b'],
    });
    expect(readOptions(['--help'], env)).toBeUndefined();
  });
});
