import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ConfigError } from './config-error.js';
import { configSecrets } from './config-secrets.js';
import { loadConfig } from './gateway-config.js';

const [key, other] = [randomBytes(32), randomBytes(32)];
const hex = key.toString('hex');

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, problem }) => `${variable} ${problem}`);
    throw error;
  }
};

describe('CONTENT_KEYS', () => {
  it.each(['hex', 'base64', 'base64url'] as const)('are ids with keys in %s, in order', (form) => {
    const config = loadConfig({ CONTENT_KEYS: ` b_2:${key.toString(form)} , a-1:${other.toString(form)}` });
    expect(config.contents.keys).toEqual([
      { id: 'b_2', key },
      { id: 'a-1', key: other },
    ]);
    expect(config.contents.scope).toBe('authentication');
    expect(configSecrets(config)).toContain(other.toString(form));
  });

  it('are none by default', () => {
    expect(loadConfig({}).contents).toEqual({ keys: [], keyTexts: [], scope: 'authentication' });
  });

  it('encrypt all mail on request', () => {
    expect(loadConfig({ CONTENT_KEYS: `k:${hex}`, CONTENT_ENCRYPTION: ' All ' }).contents.scope).toBe('all');
  });

  it.each([
    ['no id', hex, 'id 1 is not'],
    ['an empty id', `:${hex}`, 'id 1 is not'],
    ['an id with a dot', `a:${hex},b.c:${other.toString('hex')}`, 'id 2 is not'],
    ['an empty entry', `a:${hex},`, 'id 2 is not'],
    ['a short key', `a:${randomBytes(31).toString('base64')}`, 'under the id "a"'],
    ['a long key', `a:${randomBytes(33).toString('hex')}`, 'under the id "a"'],
    ['a password', 'a:correct horse battery staple, and some more', 'under the id "a"'],
    ['no key', 'a:', 'under the id "a"'],
    ['an id twice', `a:${hex},a:${other.toString('hex')}`, 'has the id "a" twice'],
    ['a key twice', `a:${hex},b:${key.toString('base64')}`, 'has the same key under the ids "a" and "b"'],
  ])('with %s are a fault that quotes no key', (_, text, problem) => {
    const faults = faultsOf({ CONTENT_KEYS: text, PORT: 'x' });
    expect(faults).toEqual(expect.arrayContaining([expect.stringContaining(problem), expect.stringMatching(/^PORT/)]));
    expect(faults.join()).not.toContain(hex);
  });

  it('must be there where all mail is to be encrypted', () => {
    expect(faultsOf({ CONTENT_ENCRYPTION: 'all' })).toEqual(['CONTENT_ENCRYPTION is of no use without CONTENT_KEYS']);
    expect(faultsOf({ CONTENT_ENCRYPTION: 'some' })[0]).toMatch(/^CONTENT_ENCRYPTION must be one of/);
  });
});
