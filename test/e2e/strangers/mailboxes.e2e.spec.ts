import { describe, expect, it } from '@jest/globals';
import { aMessage, aSender, unique, useSharedGateway } from '@gateway/testing';
import { NDJSON, outcomeOf } from './outcome.js';

interface Preview {
  readonly recipientCount: number;
  readonly requests: readonly unknown[];
}

const TWO = [
  'Kim <kim@two.example.com>, Lee <lee@two.example.com>',
  'Kim <kim@two.example.com>; Lee <lee@two.example.com>',
  'kim@two.example.com, Lee <lee@two.example.com>',
  '"kim@two.example.com", Lee <lee@two.example.com>',
  'Kim <kim@two.example.com>,<lee@two.example.com>',
  'Kim <kim@two.example.com> Lee <lee@two.example.com>',
  'kim@two.example.com,lee@two.example.com',
  'kim@two.example.com lee@two.example.com',
  'Team: kim@two.example.com, lee@two.example.com;',
  'kim@two.example.com <lee@two.example.com>, Lee',
];

const ONE = [
  '"Kim, Minsu" <k@one.example.com>',
  '"Desk <x@y.example>" <k@one.example.com>',
  'k@one.example.com <k@one.example.com>',
  '"Kim \\"the\\" Lee" <k@one.example.com>',
  '<k@one.example.com>',
  '  김민수   <k@one.example.com> ',
];

describe('several mailboxes in one text', () => {
  const actors = useSharedGateway('postgres');
  const preview = (fields: object) =>
    actors.gateway.post<Preview>(
      '/v1/messages/preview',
      aMessage()
        .with({ to: undefined, ...fields })
        .build(),
    );

  describe.each(TWO)('%s', (text) => {
    it.each([
      ['to', { to: text }, '/to'],
      ['an element of to', { to: [text] }, '/to/0'],
      ['cc', { delivery: 'shared', to: 'a@two.example.com', cc: text }, '/cc'],
      ['bcc', { delivery: 'shared', to: 'a@two.example.com', bcc: [text] }, '/bcc/0'],
      ['a recipient', { recipients: [{ address: text }] }, '/recipients/0/address'],
    ])('is all of them or refused in %s, never one of them', async (_place, fields, pointer) => {
      const answer = await preview(fields);
      if (answer.status !== 200) return expect(outcomeOf(answer)).toMatch(new RegExp(`^422 ${pointer}(/[0-9]+)? `));
      const sent = JSON.stringify(answer.body.requests);
      expect([sent.includes('kim@two.example.com'), sent.includes('lee@two.example.com')]).toEqual([true, true]);
      return expect(answer.body.recipientCount).toBe('cc' in fields || 'bcc' in fields ? 3 : 2);
    });

    it('is refused as a sender, of messages and of templates', async () => {
      expect(outcomeOf(await preview({ from: text, to: 'a@two.example.com' }))).toMatch(/^422 \/from invalid_address/);
      const template = { name: unique('t-'), from: text, subject: 's', html: 'x' };
      expect(outcomeOf(await actors.gateway.post('/v1/templates', template))).toMatch(/^422 \/from invalid_address/);
    });

    it('is refused in a line of a stream', async () => {
      const lines = [{ ...aMessage().with({ to: undefined }).build() }, { address: text }];
      const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const answer = await actors.gateway.post('/v1/messages', body, { 'content-type': NDJSON });
      expect(outcomeOf(answer)).toBe('422 /address invalid_address');
      expect(answer.body.errors?.[0]).toMatchObject({ line: 2 });
    });
  });

  it.each(ONE)('one mailbox stays one: %s', async (text) => {
    const { status, body } = await preview({ to: text });
    expect([status, body.recipientCount]).toEqual([200, 1]);
    expect(JSON.stringify(body.requests)).toContain('k@one.example.com');
  });
});

describe('an address that no host can have', () => {
  const actors = useSharedGateway('postgres');
  const BAD = [
    'b@my_host.example.com',
    'b@-host.example.com',
    'b@host-.example.com',
    'b@a..example.com',
    `b@${'l'.repeat(64)}.com`,
  ];

  it.each(BAD)('is refused before anybody is written to: %s', async (address) => {
    const { gateway } = actors;
    const to = ['a@ok.example.com', address, 'c@ok.example.com'];
    expect(
      outcomeOf(
        await gateway.post(
          '/v1/messages',
          aMessage()
            .to(...to)
            .build(),
        ),
      ),
    ).toBe('422 /to/1 invalid_address');
    expect(outcomeOf(await gateway.post('/v1/contacts', { addresses: [address] }))).toBe(
      '422 /addresses/0 invalid_address',
    );
    const suppression = { addresses: [address], scope: 'all' };
    expect(outcomeOf(await gateway.post('/v1/suppressions', suppression))).toBe('422 /addresses/0 invalid_address');
    const csv = `externalId,name,address,groups\n${unique('c-')},,${address},\n`;
    const { body } = await gateway.post<{ rejected: number }>('/v1/contacts/import', csv, {
      'content-type': 'text/csv',
    });
    expect(body.rejected).toBe(1);
  });
});

describe('a look-up by address', () => {
  const actors = useSharedGateway('postgres');
  const PATHS = ['/v1/recipients', '/v1/suppressions', '/v1/contacts'];
  /** As typed into a query, and whose row it has to find. */
  const SPELLINGS = (local: string) => [
    [`${local}%2Bnews@M%C3%BCnchen.example.com`, 'in the letters of the country'],
    [`${local}%2Bnews@xn--mnchen-3ya.example.com`, 'in Punycode'],
    [`%20${local}%2Bnews@XN--MNCHEN-3YA.EXAMPLE.COM%20`, 'with blanks and capitals'],
    [`${local}%2Bnews%40m%C3%BCnchen.example.com`, 'with everything escaped'],
  ];

  it('finds the row by every spelling of the address', async () => {
    const { gateway } = actors;
    const local = unique('kim');
    const address = `${local}+news@münchen.example.com`;
    const { id } = await gateway.send(aMessage().to(address));
    await gateway.post('/v1/suppressions', { addresses: [address], scope: 'marketing' });
    await gateway.post('/v1/contacts', { addresses: [address] });
    for (const path of [...PATHS, `/v1/messages/${id}/recipients`]) {
      for (const [spelling, what] of SPELLINGS(local)) {
        const { status, body } = await gateway.call<{ data?: unknown[] }>('GET', `${path}?address=${spelling}`);
        expect([path, what, status, body.data?.length]).toEqual([path, what, 200, 1]);
      }
    }
  });

  it.each(['kim+news@b05.example.com', 'nonsense', 'a@b@c', '@', 'a%00@example.com', 'a@my_host.example.com'])(
    'is refused when no address can be meant: %s',
    async (text) => {
      const { id } = await actors.gateway.send(aMessage().from(aSender()));
      for (const path of [...PATHS, `/v1/messages/${id}/recipients`]) {
        const answer = await actors.gateway.call('GET', `${path}?address=${text}`);
        expect([path, outcomeOf(answer)]).toEqual([path, expect.stringMatching(/^4(00|22)( \/address \w+)?/)]);
      }
    },
  );
});
