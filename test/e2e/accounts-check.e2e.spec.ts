import { describe, expect, it } from '@jest/globals';
import { useOwnGateway } from '@gateway/testing';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runAccountsCheck } from '../../apps/accounts-check/src/run-accounts-check.js';

const KEYS = { access: 'sandbox-ncp-access-key', secret: 'sandbox-ncp-secret-key', app: 'sandbox-nhn-app-key' };

/** Two accounts that work, and others that do not, each in its own way. */
describe('npm run accounts:check', () => {
  const actors = useOwnGateway();

  const good = () => ({
    ACCOUNTS: 'ncp,nhn',
    NCP_BASE_URL: `${actors.address.simulatorUrl}/api/v1`,
    NCP_ACCESS_KEY: KEYS.access,
    NCP_SECRET_KEY: KEYS.secret,
    NHN_BASE_URL: actors.address.simulatorUrl,
    NHN_APP_KEY: KEYS.app,
    NHN_API_VERSION: 'v1.5',
    PROVIDER_TIMEOUT_MS: '1000',
  });

  async function check(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
    const lines: string[] = [];
    const print = (line: string): void => void lines.push(line);
    const code = await runAccountsCheck({ args, env, print, complain: print });
    return { code, said: lines.join('\n') };
  }

  it('says of accounts that work what was learnt, and shows no secret', async () => {
    const { code, said } = await check(good());
    expect(code).toBe(0);
    expect(said).toContain('ncp (ncp v1): ok');
    expect(said).toMatch(/ok +credentials +the signature is accepted/);
    expect(said).toMatch(/ok +clock +agrees with the provider's/);
    expect(said).toContain('nhn (nhn v1.5): ok');
    expect(said).toMatch(/ok +lists +the vendor has ended this service/);
    for (const key of Object.values(KEYS)) expect(said).not.toContain(key);
  });

  it.each([
    [
      'a wrong secret key',
      { NCP_SECRET_KEY: 'wrong-secret-key-0123' },
      'ncp',
      'check the access key and the secret key of this account',
    ],
    ['a wrong app key', { NHN_APP_KEY: 'wrong-app-key-0123' }, 'nhn', 'check the app key of this account'],
    [
      'a base URL where nothing listens',
      { NHN_BASE_URL: 'http://127.0.0.1:1' },
      'nhn',
      'check the base URL of this account',
    ],
  ])('says what to do about %s', async (_, wrong, account, advice) => {
    const { code, said } = await check({ ...good(), ...wrong }, account);
    expect(code).toBe(1);
    expect(said).toContain(': FAULT');
    expect(said).toContain(advice);
    for (const value of Object.values(wrong))
      expect(said).not.toContain(value.startsWith('http') ? 'undefined' : value);
  });

  it('reads what a newer version of an API has besides', async () => {
    const { code, said } = await check({ ...good(), NHN_API_VERSION: 'v2.1', NHN_SECRET_KEY: 'sandbox1' }, 'nhn');
    expect(code).toBe(0);
    expect(said).toContain('the app key and the secret key are accepted');
    expect(said).toContain('the list of updates can be read');
    expect(said).toContain('0 mails requested and 0 received in the last 24 hours');
  });

  it('notices a clock that the vendor does not accept', async () => {
    await actors.simulator.change({ clockOffsetMs: -600_000 });
    const { code, said } = await check(good(), 'ncp');
    await actors.simulator.change({ clockOffsetMs: 0 });
    expect([code, said]).toEqual([1, expect.stringContaining('FAULT')]);
  });

  it.each([
    ['never answers', () => undefined],
    ['answers nonsense', (answer: { end(text: string): void }) => answer.end('<html>\u001b[2J</html>')],
    ['answers JSON of another kind', (answer: { end(text: string): void }) => answer.end('{"header":7,"content":{}}')],
  ])('ends with a line when a vendor %s', async (_, reply) => {
    const server = createServer((__, answer) => reply(answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, said } = await check({ ...good(), NCP_BASE_URL: url, NHN_BASE_URL: url }, '--json');
    server.closeAllConnections();
    server.close();
    const checks = said
      .split('\n')
      .map((line) => JSON.parse(line) as { outcome: string; findings: readonly { detail: string }[] });
    expect([code, checks.map(({ outcome }) => outcome)]).toEqual([1, ['fault', 'fault']]);
    for (const { findings } of checks) expect(findings[0]?.detail).toMatch(/^no usable answer: /);
    expect(said).not.toContain('\u001b');
  });

  it.each([
    ['no account', {}, [], /no account is configured/],
    ['an account that is not there', undefined, ['sens'], /unknown account "sens"; configured accounts: ncp, nhn/],
    ['an option that there is not', undefined, ['--fix'], /Unknown option '--fix'/],
    ['settings that are wrong', { NHN_API_VERSION: 'v9' }, [], /NHN_API_VERSION/],
  ])('cannot look with %s', async (_, env, args, said) => {
    expect(await check(env ?? good(), ...args)).toEqual({ code: 2, said: expect.stringMatching(said) });
  });

  it('is served by the api, too, and leaves the account as it is', async () => {
    const accounts = async () => {
      const { data } = await actors.gateway.get<{ data: readonly { health: { pollLagSeconds: number } }[] }>(
        '/v1/providers',
      );
      // The figure of the moment.
      return data.map((account) => ({ ...account, health: { ...account.health, pollLagSeconds: 0 } }));
    };
    const before = await accounts();
    const answer = await actors.gateway.post<{ outcome: string; findings: readonly object[] }>(
      '/v1/providers/nhn/check',
      undefined,
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ name: 'nhn', kind: 'nhn', outcome: 'ok', checkedAt: expect.any(String) });
    expect(await accounts()).toEqual(before);
    expect((await actors.gateway.post('/v1/providers/nobody/check', undefined)).status).toBe(404);
  });
});
