import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freshDatabase } from '@gateway/testing';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

jest.setTimeout(60_000);

/** Starts a program that ends by itself. */
function run(program: string, env: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [resolve('dist/apps', program)], { env: { PATH, HOME, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}

describe.each(['api/src/main.js', 'worker/src/main.js'])('%s in a sandbox', (program) => {
  let sandbox: Readonly<Record<string, string>>;

  beforeAll(async () => {
    sandbox = { DATABASE_URL: await freshDatabase(), PORT: '0', SANDBOX: 'true', NHN_APP_KEY: 'sandbox-nhn-app-key' };
  });

  it('says in one line which account would leave the simulator, and does not start', async () => {
    const { code, said } = await run(program, {
      ...sandbox,
      ...{ SIMULATOR_URL: 'http://127.0.0.1:9', NHN_BASE_URL: 'http://127.0.0.1:9' },
      ...{ NCP_ACCESS_KEY: 'a-real-access-key', NCP_SECRET_KEY: 'a-real-secret-key' },
    });
    expect(code).toBe(1);
    expect(said).toContain('SANDBOX is true, but the account "ncp" would contact https://mail.apigw.ntruss.com');
    expect(said.match(/SANDBOX/g)).toHaveLength(1);
    expect(said).not.toMatch(/a-real-|\n\s+at /);
  });

  it('does not start without knowing where the simulator is', async () => {
    const { code, said } = await run(program, { ...sandbox, NHN_BASE_URL: 'http://127.0.0.1:9' });
    expect([code, said]).toEqual([1, expect.stringContaining('SIMULATOR_URL must be set with SANDBOX=true')]);
  });
});
