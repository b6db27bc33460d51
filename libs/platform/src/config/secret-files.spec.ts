import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error.js';
import { loadConfig, withSecretFiles } from './gateway-config.js';

describe('secrets in files', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'gateway-secrets-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  const faultsOf = (env: Record<string, string>): readonly string[] => {
    try {
      loadConfig(env);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.faults.map(({ variable, problem }) => `${variable} ${problem}`);
      throw error;
    }
  };

  it('are every secret of the gateway, without the line break at the end', () => {
    const key = 'k'.repeat(40);
    const master = 'ab'.repeat(32);
    const config = loadConfig({
      GATEWAY_API_KEY_FILE: file('key', `${key}\n`),
      DATABASE_URL_FILE: file('url', 'postgresql://u:p@db/x\r\n'),
      DATABASE_MIGRATION_URL_FILE: file('owner', 'postgresql://o:p@db/x'),
      REDIS_URL_FILE: file('redis', 'redis://r:6379\n\n'),
      WEBHOOK_MASTER_KEY_FILE: file('master', master),
    });
    expect(config).toMatchObject({
      apiKey: key,
      databaseUrl: 'postgresql://u:p@db/x',
      migrationUrl: 'postgresql://o:p@db/x',
      redis: { nodes: ['redis://r:6379'] },
      webhooks: { masterKeyTexts: [master] },
    });
  });

  it('may be behind links, as Kubernetes mounts them', () => {
    file('real', 'k'.repeat(40));
    symlinkSync('real', join(folder, 'link'));
    expect(loadConfig({ GATEWAY_API_KEY_FILE: join(folder, 'link') }).apiKey).toBe('k'.repeat(40));
  });

  it('are values for the processes that are started', () => {
    const env = withSecretFiles({ GATEWAY_API_KEY_FILE: file('key', 'k'.repeat(40)), PORT: '1' });
    expect(env).toEqual({ GATEWAY_API_KEY: 'k'.repeat(40), PORT: '1' });
  });

  it('are faults when they cannot be used, all at once, without path or content', () => {
    mkdirSync(join(folder, 'directory'));
    const env = {
      GATEWAY_API_KEY_FILE: join(folder, 'missing'),
      DATABASE_URL_FILE: join(folder, 'directory'),
      DATABASE_MIGRATION_URL_FILE: file('empty', '\n'),
      REDIS_URL_FILE: file('large', 'x'.repeat(70_000)),
      WEBHOOK_MASTER_KEY_FILE: file('latin1', Buffer.from([0x6b, 0xe9, 0x79])),
    };
    const faults = faultsOf(env);
    expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual(Object.keys(env).sort());
    expect(faults.join('\n')).not.toContain(folder);
  });

  it('are a fault beside the variable itself', () => {
    const key = 'k'.repeat(40);
    expect(faultsOf({ GATEWAY_API_KEY: key, GATEWAY_API_KEY_FILE: file('key', key) })).toEqual([
      'GATEWAY_API_KEY_FILE must not be set beside GATEWAY_API_KEY',
    ]);
  });

  it('are checked as the variable is', () => {
    expect(faultsOf({ GATEWAY_API_KEY_FILE: file('key', 'short') })).toEqual([
      expect.stringMatching(/^GATEWAY_API_KEY must be 32/),
    ]);
  });
});
