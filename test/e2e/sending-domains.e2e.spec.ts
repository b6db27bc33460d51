import { afterAll, describe, expect, it } from '@jest/globals';
import { aMessage, eventually, NameServer, unique, useOwnGateway, type MessageView } from '@gateway/testing';

interface DomainView {
  readonly domain: string;
  readonly problem: string | null;
  readonly checkedAt: string | null;
  readonly spf: { readonly state: string } | null;
  readonly dmarc: { readonly state: string; readonly policy: string } | null;
  readonly accounts: readonly { readonly name: string; readonly dmarc: string }[];
}

const server = await NameServer.start({
  '_dmarc.example.com': ['v=DMARC1; p=reject'],
  'bad.example.com': ['v=spf1 ip4:192.0.2.1 -all'],
  'good.example.com': ['v=spf1 include:email.ncloud.com -all'],
  'email.ncloud.com': ['v=spf1 ip4:198.51.100.0/24 ~all'],
  'broken.example.com': 'servfail',
});

describe('GET /v1/sending-domains', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { DNS_SERVERS: server.address } });
  afterAll(() => server.stop());

  const send = (domain: string): Promise<MessageView> =>
    actors.gateway.send(aMessage().through('ncp').from(`no-reply@${domain}`).to('kim@example.com'));
  const list = async (): Promise<ReadonlyMap<string, DomainView>> => {
    const { data } = await actors.gateway.get<{ data: readonly DomainView[] }>('/v1/sending-domains');
    return new Map(data.map((view) => [view.domain, view]));
  };

  it('says what name servers say of the senders in use, and a message through an account that they do not know is warned of', async () => {
    const first = await send('bad.example.com');
    expect(first.warnings).toEqual([]);
    await send('good.example.com');
    await send('broken.example.com');
    const domains = await list();
    // Behind them those of templates only.
    expect([...domains.keys()].slice(0, 3)).toEqual(['broken.example.com', 'good.example.com', 'bad.example.com']);
    expect(domains.get('bad.example.com')).toMatchObject({
      problem: null,
      checkedAt: expect.any(String),
      spf: { state: 'ok', includes: [] },
      dmarc: { state: 'ok', policy: 'reject', domain: 'example.com' },
      accounts: [
        { name: 'ncp', spf: 'missing', dkim: 'missing', dmarc: 'fail' },
        { name: 'nhn', spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' },
      ],
    });
    expect(domains.get('good.example.com')?.accounts[0]).toMatchObject({ spf: 'ok', dmarc: 'pass' });
    expect(domains.get('broken.example.com')).toMatchObject({
      problem: expect.stringContaining('no name server answered'),
      spf: null,
    });
    await eventually(async () => {
      const { warnings } = await send('bad.example.com');
      expect(warnings).toEqual([
        expect.stringMatching(/^DMARC would fail for bad\.example\.com through the account ncp/),
      ]);
    });
    for (const domain of ['good.example.com', 'broken.example.com']) expect((await send(domain)).warnings).toEqual([]);
  });

  it('shows a client its own senders only', async () => {
    const { body } = await actors.gateway.post<{ key: string }>('/v1/api-keys', {
      client: unique('shop-'),
      name: 'key',
      scopes: ['providers'],
    });
    const answer = await fetch(`${actors.address.apiUrl}/v1/sending-domains`, {
      headers: { authorization: `Bearer ${body.key}` },
    });
    expect([answer.status, await answer.json()]).toEqual([200, { data: [], nextCursor: null }]);
  });
});
