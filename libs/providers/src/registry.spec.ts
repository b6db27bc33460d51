import { describe, expect, it } from '@jest/globals';
import { ConfigError, systemClock } from '@gateway/platform';
import { createProviders, definitions, readAccounts } from './registry.js';
import { scriptedHttp } from './shared/scripted-http.fixture.js';

const ncpKeys = { NCP_ACCESS_KEY: 'AK', NCP_SECRET_KEY: 'SK' };
const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readAccounts(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, problem }) => `${variable} ${problem}`);
    throw error;
  }
};

describe(readAccounts.name, () => {
  it('has no account without keys', () => {
    expect(readAccounts({})).toEqual([]);
    expect(readAccounts({ NCP_BASE_URL: 'https://x.test/api/v1', NHN_API_VERSION: 'v2.1' })).toEqual([]);
  });

  it('has those that are configured', () => {
    const accounts = readAccounts({ ...ncpKeys, NHN_APP_KEY: 'APP', NHN_SECRET_KEY: 'sec', NHN_API_VERSION: 'v2.1' });
    expect(accounts).toMatchObject([
      { name: 'ncp', kind: 'ncp', version: 'v1', secrets: ['AK', 'SK'] },
      { name: 'nhn', kind: 'nhn', version: 'v2.1', secrets: ['APP', 'sec'] },
    ]);
  });

  it.each([
    [{ NCP_ACCESS_KEY: 'AK' }, ['NCP_SECRET_KEY']],
    [{ NCP_SECRET_KEY: 'SK' }, ['NCP_ACCESS_KEY']],
    [{ NHN_SECRET_KEY: 'x' }, ['NHN_APP_KEY']],
    [{ NHN_APP_KEY: 'x', NHN_API_VERSION: 'v2.0' }, ['NHN_SECRET_KEY']],
    [{ NHN_APP_KEY: 'x', NHN_API_VERSION: 'v3' }, ['NHN_API_VERSION']],
    [
      { NCP_SUCCESS_MEANS: 'maybe', NCP_BASE_URL: 'ftp://x', NCP_ACCESS_KEY: 'AK', NHN_BASE_URL: 'nowhere' },
      ['NCP_BASE_URL', 'NCP_SUCCESS_MEANS', 'NCP_SECRET_KEY', 'NHN_BASE_URL'],
    ],
  ])('lists all faults of %j', (env, variables) => {
    expect(faultsOf(env).map((fault) => fault.split(' ')[0])).toEqual(variables);
  });
});

describe(createProviders.name, () => {
  it('gives each account a client for its own base URL, without a slash too many', async () => {
    const bases: string[] = [];
    const client = scriptedHttp(() => ({ content: [] }));
    const http = ({ baseUrl }: { baseUrl: string }) => {
      bases.push(baseUrl);
      return client;
    };
    const env = { ...ncpKeys, NCP_BASE_URL: 'https://mail.apigw.gov-ntruss.com/api/v1/', NHN_APP_KEY: 'APP' };
    const providers = createProviders(env, { http, clock: systemClock, timeoutMs: 1000 });
    expect(providers.map(({ name }) => name)).toEqual(['ncp', 'nhn']);
    expect(bases).toEqual(['https://mail.apigw.gov-ntruss.com/api/v1', 'https://email.api.nhncloudservice.com']);
  });
});

describe('definitions', () => {
  it.each(definitions)('$kind describes itself without credentials', ({ kind, capabilities, dialect, variables }) => {
    expect(variables.map(({ name }) => name).every((name) => name.startsWith(kind.toUpperCase()))).toBe(true);
    expect(capabilities.limits.recipientsPerRequest).toBeGreaterThan(0);
    expect(dialect.variable('key')).toContain('key');
  });

  it('are named once each', () => {
    expect(new Set(definitions.map(({ kind }) => kind)).size).toBe(definitions.length);
  });
});
