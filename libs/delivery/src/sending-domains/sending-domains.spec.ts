import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Capabilities, EmailProvider } from '@gateway/core';
import { createTextRecords } from '@gateway/platform';
import { NameServer } from '@gateway/testing';
import { ProviderDirectory } from '../shared/provider-directory.js';
import { readDmarc } from './dmarc.js';
import { SendingDomains } from './sending-domains.service.js';
import { authenticationOf } from './inspect-domain.js';
import { readSpf } from './spf.js';

const DOMAIN = 'shop.example.com';
const documented = { spfDomains: ['email.vendor.example'], dkimSelectors: ['key1', 'key2'] };

const account = (name: string, senderAuthentication?: object): EmailProvider =>
  ({
    name,
    capabilities: { rules: { ...(senderAuthentication && { senderAuthentication }) } } as unknown as Capabilities,
  }) as EmailProvider;

describe('sender domains', () => {
  let server: NameServer;
  beforeEach(async () => void (server = await NameServer.start()));
  afterEach(() => server.stop());
  const records = () => createTextRecords([server.address]);

  describe('SPF', () => {
    const spf = () => readSpf(DOMAIN, records());

    it.each([
      ['none', [], { state: 'missing', record: null }],
      ['other texts only', ['google-site-verification=1', 'v=spf10 all', 'v=DMARC1; p=none'], { state: 'missing' }],
      ['one in pieces', [['v=spf1 ip4:192.0', '.2.1 -all']], { state: 'ok', record: 'v=spf1 ip4:192.0.2.1 -all' }],
      ['one in capitals', ['V=SPF1 -ALL'], { state: 'ok' }],
      ['an empty one', ['v=spf1'], { state: 'ok' }],
      ['two', ['v=spf1 -all', 'v=spf1 ~all'], { state: 'fault', detail: expect.stringContaining('has 2 SPF records') }],
      [
        'one that includes what is not there',
        ['v=spf1 include:gone.example'],
        { state: 'fault', detail: expect.stringContaining('gone.example has no SPF record') },
      ],
      [
        'one that includes itself',
        [`v=spf1 include:${DOMAIN}`],
        { state: 'fault', detail: expect.stringContaining('include each other') },
      ],
      [
        'one with too many look-ups',
        [`v=spf1 ${'a mx '.repeat(6)}`],
        { state: 'fault', detail: expect.stringContaining('more than 10 look-ups') },
      ],
      ['one with a macro', ['v=spf1 include:%{i}.example exists:%{l}.example -all'], { state: 'ok', includes: [] }],
    ] as const)('with %s', async (_, answer, wanted) => {
      server.set(DOMAIN, answer);
      expect(await spf()).toMatchObject(wanted);
    });

    it('takes in what it includes and where it redirects to, at any depth', async () => {
      server.set(DOMAIN, ['v=spf1 include:A.example. ?include:b.example redirect=c.example']);
      server.set('a.example', ['v=spf1 redirect=email.vendor.example']);
      server.set('b.example', ['v=spf1 include:ignored.example -all redirect=never.example']);
      server.set('ignored.example', ['v=spf1 -all']);
      server.set('c.example', ['v=spf1 mx -all']);
      server.set('email.vendor.example', ['v=spf1 ip4:192.0.2.0/24 ~all']);
      expect(await spf()).toMatchObject({
        state: 'ok',
        detail: '6 of at most 10 look-ups',
        includes: ['a.example', 'email.vendor.example', 'b.example', 'ignored.example', 'c.example'],
      });
    });

    it.each([
      ['a loop over others', (n: number) => `d${(n + 1) % 3}.example`],
      ['a chain without end', (n: number) => `d${n + 1}.example`],
    ])('ends with %s', async (_, next) => {
      server.set(DOMAIN, ['v=spf1 include:d0.example']);
      for (let n = 0; n < 30; n += 1) server.set(`d${n}.example`, [`v=spf1 include:${next(n)}`]);
      expect(await spf()).toMatchObject({ state: 'fault' });
      expect(server.asked.length).toBeLessThanOrEqual(11);
    });

    it.each(['servfail', 'nonsense'] as const)('is not known when the name server answers %s', async (answer) => {
      server.set(DOMAIN, answer);
      await expect(spf()).rejects.toMatchObject({ name: 'DnsUnavailableError' });
    });
  });

  describe('DMARC', () => {
    it.each([
      [
        'of the domain',
        { [`_dmarc.${DOMAIN}`]: ['v=DMARC1; p=reject; sp=none'] },
        { state: 'ok', policy: 'reject', domain: DOMAIN },
      ],
      [
        'of the domain above, for those below it',
        { '_dmarc.example.com': ['v=DMARC1;p=none;sp=quarantine'] },
        { policy: 'quarantine', domain: 'example.com' },
      ],
      [
        'of the domain above, without a word on those below',
        { '_dmarc.example.com': ['v=DMARC1; P=Reject'] },
        { policy: 'reject' },
      ],
      ['twice', { [`_dmarc.${DOMAIN}`]: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] }, { state: 'fault', policy: null }],
      ['without a policy', { [`_dmarc.${DOMAIN}`]: ['v=DMARC1; rua=mailto:a@x.kr'] }, { state: 'fault', policy: null }],
      ['with another policy than there are', { [`_dmarc.${DOMAIN}`]: ['v=DMARC1; p=perhaps'] }, { state: 'fault' }],
      [
        'that is something else',
        { [`_dmarc.${DOMAIN}`]: ['v=spf1 -all', 'dmarc'] },
        { state: 'missing', policy: null },
      ],
    ])('%s', async (_, answers, wanted) => {
      for (const [name, answer] of Object.entries(answers)) server.set(name, answer);
      expect(await readDmarc(DOMAIN, records())).toMatchObject(wanted);
    });

    it('is not looked for at the very top', async () => {
      await readDmarc('a.b.c.example.co.kr', records());
      expect(server.asked).not.toContain('_dmarc.kr');
    });
  });

  describe(SendingDomains.name, () => {
    const domains = (dnsServers: 'off' | readonly string[] = [server.address]) =>
      new SendingDomains(new ProviderDirectory([account('one', documented), account('two')]), { dnsServers });
    const sender = `no-reply@${DOMAIN}`;

    it('warns when DMARC would fail, and only once that is known', async () => {
      server.set(DOMAIN, ['v=spf1 include:other.example -all']);
      server.set('other.example', ['v=spf1 -all']);
      server.set('_dmarc.example.com', ['v=DMARC1; p=quarantine']);
      const service = domains();
      expect(service.warningFor(sender, 'one')).toBeUndefined();
      await service.find([DOMAIN]);
      expect(service.warningFor(sender, 'one')).toMatch(
        /^DMARC would fail for shop\.example\.com through the account one/,
      );
      expect(service.warningFor(sender, 'two')).toBeUndefined();
      expect(service.warningFor('', 'one')).toBeUndefined();
    });

    it.each([
      [
        'its SPF takes in the vendor',
        { [DOMAIN]: ['v=spf1 include:email.vendor.example -all'], 'email.vendor.example': ['v=spf1 -all'] },
      ],
      ['it has a key of the vendor', { [`key2._domainkey.${DOMAIN}`]: ['v=DKIM1; k=rsa; p=MIGf'] }],
      ['it could not be looked up', { [DOMAIN]: 'servfail' as const }],
    ])('does not warn when %s', async (_, answers) => {
      server.set('_dmarc.example.com', ['v=DMARC1; p=reject']);
      for (const [name, answer] of Object.entries(answers)) server.set(name, answer as readonly string[]);
      const service = domains();
      await service.find([DOMAIN]);
      expect(service.warningFor(sender, 'one')).toBeUndefined();
    });

    it('does not warn of a domain without DMARC, nor of a revoked key beside a good record', async () => {
      server.set(`key1._domainkey.${DOMAIN}`, ['v=DKIM1; p=']);
      const service = domains();
      const [inspected] = await service.find([DOMAIN]);
      expect(inspected?.dkim).toEqual([
        { selector: 'key1', state: 'fault' },
        { selector: 'key2', state: 'missing' },
      ]);
      expect(service.warningFor(sender, 'one')).toBeUndefined();
    });

    it('shows what is known where a part could not be looked up', async () => {
      server.set(DOMAIN, ['v=spf1 include:away.example -all']);
      server.set('away.example', 'servfail');
      server.set('_dmarc.example.com', ['v=DMARC1; p=reject']);
      const [inspected] = await domains().find([DOMAIN]);
      expect(inspected).toMatchObject({
        problem: expect.stringContaining('away.example'),
        spf: null,
        dmarc: { policy: 'reject' },
        dkim: [{ state: 'missing' }, { state: 'missing' }],
      });
      expect(authenticationOf(inspected, documented).dmarc).toBe('unknown');
    });

    it('asks once, however often a message of the domain is accepted', async () => {
      const service = domains();
      await service.find([DOMAIN]);
      const before = server.asked.length;
      for (let n = 0; n < 100; n += 1) service.warningFor(sender, 'one');
      await service.find([DOMAIN, DOMAIN]);
      expect(server.asked).toHaveLength(before);
    });

    it('asks no name server when it is switched off', async () => {
      const service = domains('off');
      expect([service.isOn, await service.find([DOMAIN]), service.warningFor(sender, 'one')]).toEqual([
        false,
        [undefined],
        undefined,
      ]);
    });

    it('finds many domains, a few at a time', async () => {
      const found = await domains().find(Array.from({ length: 50 }, (_, n) => `d${n}.example.com`));
      expect(found.map((inspected) => inspected?.problem)).toEqual(Array(50).fill(null));
    });
  });
});
