import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, SecretTexts, systemClock } from '@gateway/platform';
import { eventually } from '@gateway/testing';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAccounts } from '../registry.js';
import { scriptedHttp } from '../shared/scripted-http.fixture.js';
import { watchSecrets } from './watch-secrets.js';

describe('an account whose secrets are in files', () => {
  let folder = '';
  let end = (): void => undefined;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'gateway-account-'))));
  afterEach(() => {
    end();
    rmSync(folder, { recursive: true });
  });

  const path = (name: string): string => join(folder, name);

  function begin(file: string) {
    const lines: string[] = [];
    const accounts = readAccounts({ ACCOUNTS: 'shop', ACCOUNT_SHOP_KIND: 'nhn', ACCOUNT_SHOP_APP_KEY_FILE: file });
    const secrets = new SecretTexts(accounts.flatMap((account) => account.secrets));
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLogger({ name: 'test', level: 'info', destination, secrets });
    const paths: string[] = [];
    let clients = 0;
    const http = () => {
      clients += 1;
      return scriptedHttp((asked) => {
        paths.push(asked);
        return { header: { isSuccessful: true, resultCode: 0, resultMessage: '' }, body: { totalCount: 0, data: [] } };
      });
    };
    const [provider] = accounts.map((account) => account.create({ http, clock: systemClock, timeoutMs: 1000 }));
    // Kept as a caller may keep it.
    const suppressions = provider?.suppressions;
    const renewed: string[] = [];
    end = watchSecrets(accounts, { log, secrets, onNewSecrets: (account) => void renewed.push(account) }, 5);
    const keyInUse = async (): Promise<string | undefined> => {
      await suppressions?.list({}, AbortSignal.timeout(1000)).catch(() => undefined);
      return /appKeys\/([^/]+)\//.exec(paths.at(-1) ?? '')?.[1];
    };
    return { lines, log, keyInUse, renewed, clients: () => clients };
  }

  it('uses a new secret without a restart, over the connections that it has, and masks both', async () => {
    writeFileSync(path('key'), 'first-key-0001\n');
    const { keyInUse, lines, log, renewed, clients } = begin(path('key'));
    expect([await keyInUse(), renewed]).toEqual(['first-key-0001', []]);
    writeFileSync(path('key'), 'second-key-0002\n');
    await eventually(async () => expect(await keyInUse()).toBe('second-key-0002'));
    expect(renewed).toEqual(['shop']);
    expect(clients()).toBe(1);
    log.info('first-key-0001 and second-key-0002');
    expect(lines.join('')).not.toMatch(/-key-000/);
    expect(lines.join('')).toContain('uses the new secrets');
  });

  it('follows a link that is replaced, as Kubernetes does', async () => {
    for (const [version, key] of [
      ['v1', 'first-key-0001'],
      ['v2', 'second-key-0002'],
    ] as const) {
      mkdirSync(path(version));
      writeFileSync(join(path(version), 'key'), key);
    }
    symlinkSync('v1', path('..data'));
    symlinkSync('..data/key', path('key'));
    const { keyInUse } = begin(path('key'));
    symlinkSync('v2', path('..next'));
    renameSync(path('..next'), path('..data'));
    await eventually(async () => expect(await keyInUse()).toBe('second-key-0002'));
  });

  it.each<[string, () => void]>([
    ['vanished', () => unlinkSync(path('key'))],
    ['was emptied', () => truncateSync(path('key'))],
    ['is no key', () => writeFileSync(path('key'), 'two words')],
    ['is not UTF-8', () => writeFileSync(path('key'), Buffer.from([0xff, 0xfe]))],
  ])(
    'keeps the last good secret when its file %s, says so once, and goes on when there is a new one',
    async (_, spoil) => {
      writeFileSync(path('key'), 'first-key-0001');
      const { keyInUse, lines } = begin(path('key'));
      spoil();
      await eventually(async () => expect(lines.join('')).toContain('the last good secret is used'));
      expect(await keyInUse()).toBe('first-key-0001');
      // Several more looks.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(lines).toHaveLength(1);
      expect(lines.join('')).not.toMatch(/two words|first-key/);
      writeFileSync(path('key'), 'second-key-0002');
      await eventually(async () => expect(await keyInUse()).toBe('second-key-0002'));
    },
  );
});
