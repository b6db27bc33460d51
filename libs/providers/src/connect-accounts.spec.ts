import { describe, expect, it } from '@jest/globals';
import { ConfigError, createHttpClient } from '@gateway/platform';
import { createServer } from 'node:http';
import { connectAccounts } from './connect-accounts.js';
import { readAccounts } from './registry.js';

const SIMULATOR = 'http://127.0.0.1:3900';
const config = { providerTimeoutMs: 1000, providerOrder: [], sandbox: true, simulatorUrl: SIMULATOR };
const simulated = { NHN_APP_KEY: 'sandbox-key', NHN_BASE_URL: SIMULATOR };
const real = { NCP_ACCESS_KEY: 'real-access-key', NCP_SECRET_KEY: 'real-secret-key' };

const faultsOf = (connect: () => unknown): readonly string[] => {
  try {
    connect();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, problem }) => `${variable} ${problem}`);
    throw error;
  }
};

describe(connectAccounts.name, () => {
  it('connects accounts of the simulator in a sandbox, whatever their path', () => {
    const accounts = readAccounts({ ...simulated, NHN_BASE_URL: `${SIMULATOR}/below` });
    expect(connectAccounts(accounts, config).providers.map(({ name }) => name)).toEqual(['nhn']);
  });

  it('refuses an account with real credentials in a sandbox, in one line that shows none of them', () => {
    const accounts = readAccounts({ ...simulated, ...real });
    const faults = faultsOf(() => connectAccounts(accounts, config));
    expect(faults).toEqual([
      'SANDBOX is true, but the account "ncp" would contact https://mail.apigw.ntruss.com; ' +
        'only the simulator at http://127.0.0.1:3900 is contacted in a sandbox',
    ]);
    expect(faults.join()).not.toMatch(/real-/);
  });

  it.each(['http://127.0.0.1:3901', 'https://127.0.0.1:3900', 'http://localhost:3900'])(
    'refuses every other origin in a sandbox: %s',
    (origin) => {
      const accounts = readAccounts({ ...simulated, NHN_BASE_URL: origin });
      expect(faultsOf(() => connectAccounts(accounts, config))).toEqual([expect.stringContaining('"nhn"')]);
    },
  );

  it('connects nothing in a sandbox whose simulator is not known', () => {
    const accounts = readAccounts(simulated);
    const faults = faultsOf(() => connectAccounts(accounts, { ...config, simulatorUrl: undefined }));
    expect(faults).toEqual([expect.stringMatching(/^SIMULATOR_URL must be set/)]);
  });

  it.each([undefined, false])('connects real accounts outside a sandbox (%s)', (sandbox) => {
    const connected = connectAccounts(readAccounts(real), { ...config, sandbox });
    expect(connected.providers.map(({ name }) => name)).toEqual(['ncp']);
  });

  it('is the only way out: a redirect to another origin is not followed', async () => {
    const server = createServer((_, answer) => answer.writeHead(307, { location: 'https://elsewhere.example' }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const client = createHttpClient({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs: 1000 });
    const { status } = await client.request({ method: 'GET', path: '/' });
    expect(status).toBe(307);
    await client.close();
    server.close();
  });
});
