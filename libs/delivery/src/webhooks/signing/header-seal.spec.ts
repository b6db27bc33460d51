import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { HeaderSeal, hideValues } from './header-seal.js';
import { MasterKeyMissing, WebhookKeys } from './keys.js';

const sealOf = (...masterKeys: Buffer[]): HeaderSeal =>
  new HeaderSeal(new WebhookKeys({ webhooks: { masterKeys } as never }));
const [first, second] = [randomBytes(32), randomBytes(32)];
const id = newUuid();
const headers = { authorization: 'Bearer secret-token', 'x-team': 'billing' };

describe(HeaderSeal.name, () => {
  it('hides values and keeps names, each time in another form', () => {
    const seal = sealOf(first);
    const sealed = seal.seal(id, headers);
    expect(Object.keys(sealed)).toEqual(Object.keys(headers));
    expect(JSON.stringify(sealed)).not.toMatch(/secret-token|billing/);
    expect(seal.seal(id, headers)).not.toEqual(sealed);
    expect(seal.open(id, sealed)).toEqual(headers);
    expect(hideValues(sealed)).toEqual({ authorization: '***', 'x-team': '***' });
  });

  it('opens a value for its endpoint and its name only', () => {
    const seal = sealOf(first);
    const sealed = seal.seal(id, headers);
    expect(() => seal.open(newUuid(), sealed)).toThrow();
    expect(() => seal.open(id, { 'x-team': sealed['authorization'] ?? '' })).toThrow();
  });

  it('seals what looks sealed, and opens what is clear as it is', () => {
    const seal = sealOf(first);
    const alike = { 'x-a': seal.seal(id, headers)['authorization'] ?? '' };
    expect(seal.open(id, seal.seal(id, alike))).toEqual(alike);
    expect(seal.open(id, headers)).toEqual(headers);
  });

  it('keeps a value that is given back hidden, and refuses one that stands for none', () => {
    const seal = sealOf(first);
    const before = seal.seal(id, headers);
    const after = seal.seal(id, { authorization: '***', 'x-new': 'n' }, before);
    expect(seal.open(id, after)).toEqual({ authorization: 'Bearer secret-token', 'x-new': 'n' });
    expect(() => seal.seal(id, { 'x-other': '***' }, before)).toThrow(
      expect.objectContaining({ code: 'validation_failed' }),
    );
  });

  it('is renewed under a new master key, and cannot be opened without its own', () => {
    const old = sealOf(first).seal(id, headers);
    const both = sealOf(second, first);
    const renewed = both.renew(id, { ...old, 'x-clear': 'c' });
    expect(sealOf(second).open(id, renewed)).toEqual({ ...headers, 'x-clear': 'c' });
    expect(Object.values(renewed).every((value) => value.startsWith(both.prefix))).toBe(true);
    expect(() => sealOf(second).open(id, old)).toThrow(MasterKeyMissing);
  });
});
