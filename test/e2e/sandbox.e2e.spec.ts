import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freshDatabase } from '@gateway/testing';
import { runAsOperator, runProgram } from '../support/program.js';

jest.setTimeout(60_000);

describe.each(['api', 'worker'])('the %s in a sandbox', (program) => {
  let sandbox: Readonly<Record<string, string>>;

  beforeAll(async () => {
    sandbox = { DATABASE_URL: await freshDatabase(), PORT: '0', SANDBOX: 'true', NHN_APP_KEY: 'sandbox-nhn-app-key' };
  });

  it('says in one line which account would leave the simulator, and does not start', async () => {
    const { code, said } = await runAsOperator(`${program}/src/main.js`, {
      ...sandbox,
      SIMULATOR_URL: 'http://127.0.0.1:9',
      NHN_BASE_URL: 'http://127.0.0.1:9',
      NCP_ACCESS_KEY: 'a-real-access-key',
      NCP_SECRET_KEY: 'a-real-secret-key',
    });
    expect(code).toBe(1);
    expect(said).toContain('SANDBOX is true, but the account "ncp" would contact https://mail.apigw.ntruss.com');
    expect(said.match(/SANDBOX/g)).toHaveLength(1);
    expect(said).not.toMatch(/a-real-|\n\s+at /);
  });

  it('does not start without knowing where the simulator is', async () => {
    const { code, said } = await runProgram(program, { ...sandbox, NHN_BASE_URL: 'http://127.0.0.1:9' });
    expect([code, said]).toEqual([1, expect.stringContaining('SIMULATOR_URL must be set with SANDBOX=true')]);
  });
});
