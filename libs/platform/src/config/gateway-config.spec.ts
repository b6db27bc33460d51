import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError } from './config-error.js';
import { loadConfig } from './gateway-config.js';
import { collectFaults, parseEnv } from './parse-env.js';

let folder: string;
let certificate: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-config-'));
  certificate = join(folder, 'authority.pem');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'];
  execFileSync('openssl', ['req', '-x509', ...key, '-subj', '/CN=authority', '-out', certificate], { stdio: 'ignore' });
});
afterAll(() => rmSync(folder, { recursive: true }));

const faultsOf = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, problem }) => `${variable} ${problem}`);
    throw error;
  }
  return [];
};

describe(loadConfig.name, () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toMatchObject({
      http: { port: 3000, host: '127.0.0.1', trustedProxies: [] },
      dataDir: '.data',
      databaseUrl: undefined,
      redis: undefined,
      apiKey: undefined,
      sandbox: undefined,
      providerOrder: [],
      settleMs: 120_000,
      sentFinalMs: 259_200_000,
      expireMs: 604_800_000,
      logLevel: 'info',
    });
  });

  it('takes an empty value as not set', () => {
    expect(loadConfig({ PORT: '', REDIS_URL: '  ' })).toMatchObject({ http: { port: 3000 }, redis: undefined });
  });

  it('reads durations with and without unit, lists and flags', () => {
    const config = loadConfig({
      SETTLE_MS: '500',
      EXPIRE_MS: '2d',
      POLL_INTERVAL_MS: '30s',
      REDIS_URL: 'redis://a:6379, rediss://b:6380',
      PROVIDER_ORDER: 'nhn, ncp',
      SANDBOX: 'TRUE',
    });
    expect(config).toMatchObject({
      settleMs: 500,
      expireMs: 172_800_000,
      pollIntervalMs: 30_000,
      redis: { nodes: ['redis://a:6379', 'rediss://b:6380'], ca: undefined },
      providerOrder: ['nhn', 'ncp'],
      sandbox: true,
    });
  });

  it('reads the certificates of a Redis over TLS', () => {
    const env = { REDIS_URL: 'rediss://a:6379', REDIS_CA_FILE: certificate };
    expect(loadConfig(env).redis).toEqual({
      nodes: ['rediss://a:6379'],
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
    });
    expect(faultsOf(() => loadConfig({ ...env, REDIS_URL: 'redis://a:6379' }))).toEqual([
      'REDIS_CA_FILE is of no use unless every URL in REDIS_URL begins with rediss://',
    ]);
  });

  it('refuses files that are missing or have no certificate, and does not name them', () => {
    const [missing, other] = [join(folder, 'missing.pem'), join(folder, 'other.pem')];
    writeFileSync(other, 'no certificate');
    const databaseUrl = (path: string): string => `postgresql://u:p@db/x?sslmode=verify-full&sslrootcert=${path}`;
    const env = {
      REDIS_URL: 'rediss://a:6379',
      REDIS_CA_FILE: other,
      DATABASE_URL: databaseUrl(missing),
      DATABASE_MIGRATION_URL: databaseUrl(certificate),
    };
    expect(faultsOf(() => loadConfig(env))).toEqual([
      'DATABASE_URL names a file that cannot be read (ENOENT) as sslrootcert',
      'REDIS_CA_FILE names a file without a certificate in PEM',
    ]);
  });

  it('is frozen', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });

  it('lists every fault at once and quotes no value', () => {
    const env = {
      PORT: '99999',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      GATEWAY_API_KEY: 'has spaces in it',
      SETTLE_MS: 'soon',
      SANDBOX: 'perhaps',
      LOG_LEVEL: 'loud',
      PROVIDER_ORDER: 'ncp,ncp',
      RETRY_BASE_MS: '1m',
      RETRY_MAX_MS: '31s',
    };
    const faults = faultsOf(() => loadConfig(env));
    expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual(
      Object.keys(env)
        .filter((name) => name !== 'RETRY_BASE_MS')
        .sort(),
    );
    for (const value of Object.values(env)) expect(faults.join('\n')).not.toContain(value);
  });
});

describe(collectFaults.name, () => {
  const schema = z.object({ SES_REGION: z.string(), SES_MODE: z.enum(['a', 'b']).default('a') });

  it('returns what the parts return', () => {
    const env = { SES_REGION: 'x' };
    const [config, ses] = collectFaults(
      () => loadConfig(env),
      () => parseEnv(schema, env),
    );
    expect([config.http.port, ses.SES_REGION, ses.SES_MODE]).toEqual([3000, 'x', 'a']);
  });

  it('joins the faults of all parts', () => {
    const env = { PORT: 'x', SES_MODE: 'c' };
    const faults = faultsOf(() =>
      collectFaults(
        () => loadConfig(env),
        () => parseEnv(schema, env),
      ),
    );
    expect(faults).toEqual([
      'PORT must be a whole number between 0 and 65535',
      'SES_REGION must be set',
      'SES_MODE must be one of a, b',
    ]);
  });

  it('lets other errors pass', () => {
    expect(() =>
      collectFaults(() => {
        throw new TypeError('bug');
      }),
    ).toThrow(TypeError);
  });
});
