import { describe, expect, it } from '@jest/globals';
import { ConfigError, systemClock } from '@gateway/platform';
import { readAccounts } from '../registry.js';
import { scriptedHttp } from '../shared/scripted-http.fixture.js';

const ncpKeys = { NCP_ACCESS_KEY: 'AK', NCP_SECRET_KEY: 'SK' };
const marketing = {
  ACCOUNT_NCP_MARKETING_KIND: 'ncp',
  ACCOUNT_NCP_MARKETING_ACCESS_KEY: 'AK-of-marketing',
  ACCOUNT_NCP_MARKETING_SECRET_KEY: 'SK-of-marketing',
};

type Variables = Readonly<Record<string, string>>;

const faultsOf = (env: Variables): readonly string[] => {
  try {
    readAccounts(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, problem }) => `${variable} ${problem}`);
    throw error;
  }
};

const named = (env: Variables): readonly string[] => readAccounts(env).map(({ name, kind }) => `${name}:${kind}`);

const provider = (env: Variables, wanted: string) =>
  readAccounts(env)
    .find(({ name }) => name === wanted)
    ?.create({ http: () => scriptedHttp(() => ({})), clock: systemClock, timeoutMs: 1 });

describe('named accounts', () => {
  it('are any number of one kind, in the order in which they are named', () => {
    const env = { ...ncpKeys, ...marketing, NHN_APP_KEY: 'APP', ACCOUNTS: ' nhn, NCP-Marketing ,ncp' };
    expect(named(env)).toEqual(['nhn:nhn', 'ncp-marketing:ncp', 'ncp:ncp']);
  });

  it('have the name that they are given, whichever way it is spelled', () => {
    expect(named({ ACCOUNTS: 'ncp_marketing', ...marketing })).toEqual(['ncp_marketing:ncp']);
  });

  it('have every setting of their kind: URL, limits', () => {
    const env = {
      ACCOUNTS: 'ncp,ncp-marketing',
      ...ncpKeys,
      ...marketing,
      ACCOUNT_NCP_MARKETING_MONTHLY_QUOTA: '7',
      ACCOUNT_NCP_REQUESTS_PER_SECOND: '3',
    };
    expect(provider(env, 'ncp-marketing')).toMatchObject({
      name: 'ncp-marketing',
      kind: 'ncp',
      capabilities: { limits: { quota: { recipients: 7 } } },
    });
    expect(provider(env, 'ncp')?.capabilities.limits).toMatchObject({
      requestsPerSecond: 3,
      quota: { recipients: 1_000_000 },
    });
  });

  it('give a variable to the longest name that has such a setting', () => {
    const env = {
      ACCOUNTS: 'a,a-base',
      ACCOUNT_A_KIND: 'nhn',
      ACCOUNT_A_APP_KEY: 'K1',
      ACCOUNT_A_BASE_URL: 'https://one.example',
      ACCOUNT_A_BASE_KIND: 'nhn',
      ACCOUNT_A_BASE_APP_KEY: 'K2',
      ACCOUNT_A_BASE_BASE_URL: 'https://two.example',
    };
    expect(named(env)).toEqual(['a:nhn', 'a-base:nhn']);
    expect(readAccounts(env).map(({ secrets }) => secrets)).toEqual([['K1'], ['K2']]);
  });

  it('are not those of the services that Kubernetes announces', () => {
    const links = { ACCOUNT_SERVICE_HOST: '10.0.0.1', ACCOUNT_PORT_80_TCP_ADDR: '10.0.0.1', ACCOUNT_PORT: 'tcp://x' };
    expect(faultsOf({ ACCOUNTS: 'ncp', ...ncpKeys, ...links, NHN_SERVICE_PORT_HTTP: '80' })).toEqual([]);
  });

  const SET = { ACCOUNTS: 'ncp', ...ncpKeys };

  it.each<[string, Variables, readonly string[]]>([
    [
      'an unknown kind',
      { ACCOUNTS: 'x', ACCOUNT_X_KIND: 'ses', ACCOUNT_X_REGION: 'r' },
      ['ACCOUNT_X_KIND must be set to'],
    ],
    ['no kind', { ACCOUNTS: 'x' }, ['ACCOUNT_X_KIND must be set to one of ncp, nhn']],
    ['a kind that contradicts the name', { ...SET, ACCOUNT_NCP_KIND: 'nhn' }, ['ACCOUNT_NCP_KIND must be absent']],
    [
      'one name twice',
      { ...SET, ...marketing, ACCOUNTS: 'ncp,ncp-marketing,NCP_Marketing' },
      ['ACCOUNTS entry 3 is the same'],
    ],
    ['a name that means something else', { ...SET, ACCOUNTS: 'ncp,auto' }, ['ACCOUNTS entry 2 cannot be']],
    [
      'a name that is none',
      { ...SET, ACCOUNTS: 'ncp,a b,ü,-x,' },
      ['2', '3', '4', '5'].map((n) => `ACCOUNTS entry ${n} `),
    ],
    ['a name that is too long', { ...SET, ACCOUNTS: `ncp,${'n'.repeat(41)}` }, ['ACCOUNTS entry 2 must be at most 40']],
    [
      'a variable of an unknown account',
      { ...SET, ACCOUNT_FOO_KIND: 'ncp' },
      ['ACCOUNT_FOO_KIND belongs to no account'],
    ],
    [
      'a variable without ACCOUNTS',
      { ...ncpKeys, ACCOUNT_FOO_KIND: 'ncp' },
      ['ACCOUNT_FOO_KIND must not be set without'],
    ],
    ['an unknown setting', { ...SET, ACCOUNT_NCP_COLOR: 'red' }, ['ACCOUNT_NCP_COLOR is not a setting']],
    [
      'settings of a kind whose account is not named',
      { ...SET, NHN_APP_KEY: 'K' },
      ['NHN_APP_KEY is a setting of the account nhn'],
    ],
    [
      'a setting that is given twice',
      { ...SET, ACCOUNT_NCP_ACCESS_KEY: 'AK' },
      ['NCP_ACCESS_KEY is the same setting as ACCOUNT_NCP_ACCESS_KEY'],
    ],
    ['no credentials', { ACCOUNTS: 'ncp' }, ['NCP_ACCESS_KEY must be set', 'NCP_SECRET_KEY must be set']],
    [
      'half the credentials',
      { ACCOUNTS: 'x', ACCOUNT_X_KIND: 'ncp', ACCOUNT_X_ACCESS_KEY: 'AK' },
      ['ACCOUNT_X_SECRET_KEY must be set too, as ACCOUNT_X_ACCESS_KEY is'],
    ],
    [
      'an order of unknown names',
      { ...SET, PROVIDER_ORDER: 'ncp,nhn' },
      ['PROVIDER_ORDER entry 2 is the name of no account'],
    ],
    [
      'an order of unknown names, by kind',
      { ...ncpKeys, PROVIDER_ORDER: 'nhn' },
      ['PROVIDER_ORDER entry 1 is the name'],
    ],
  ])('refuse %s', (_what, env, wanted) => {
    const faults = faultsOf(env);
    expect(faults).toEqual(wanted.map((words) => expect.stringContaining(words)));
  });

  it('report secrets in files like others, under the variable that names the file', () => {
    const nowhere = '/nowhere/at/all';
    const env = { ...marketing, ACCOUNTS: 'ncp,ncp-marketing', NCP_ACCESS_KEY: 'AK', NCP_SECRET_KEY_FILE: nowhere };
    expect(faultsOf(env)).toEqual(['NCP_SECRET_KEY_FILE names a file that does not exist']);
    const twice = { ...env, NCP_SECRET_KEY: 'SK', ACCOUNT_NCP_MARKETING_SECRET_KEY_FILE: nowhere };
    expect(faultsOf(twice).toSorted()).toEqual([
      'ACCOUNT_NCP_MARKETING_SECRET_KEY_FILE is the same setting as ACCOUNT_NCP_MARKETING_SECRET_KEY; only one of them may be set',
      'NCP_SECRET_KEY_FILE is the same setting as NCP_SECRET_KEY; only one of them may be set',
    ]);
    expect(faultsOf({ ...SET, NCP_BASE_URL_FILE: nowhere, ACCOUNT_NCP_BASE_URL_FILE: nowhere })).toEqual([
      expect.stringMatching(/^ACCOUNT_NCP_BASE_URL_FILE is not a setting/),
    ]);
  });

  it('report all faults at once, without a value', () => {
    const env = {
      ACCOUNTS: 'ncp,shop,shop_',
      NCP_ACCESS_KEY: 'value-0001',
      ACCOUNT_NCP_BASE_URL: 'value-0002',
      ACCOUNT_SHOP_KIND: 'value-0003',
      ACCOUNT_OTHER_APP_KEY: 'value-0004',
      NHN_APP_KEY: 'value-0005',
      PROVIDER_ORDER: 'value-0006',
    };
    const faults = faultsOf(env);
    expect(faults.map((fault) => fault.split(' ')[0]).toSorted()).toEqual([
      'ACCOUNTS',
      'ACCOUNT_NCP_BASE_URL',
      'ACCOUNT_OTHER_APP_KEY',
      'ACCOUNT_SHOP_KIND',
      'NCP_SECRET_KEY',
      'NHN_APP_KEY',
      'PROVIDER_ORDER',
    ]);
    expect(faults.join('\n')).not.toContain('value-');
  });
});
