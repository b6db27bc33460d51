import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigError, Env } from '@gateway/platform';
import { firstApiKey } from './api-key.js';
import { webhookMasterKey } from './webhook-master-key.js';
import { BackOff } from './back-off.js';
import { banner, urlOf } from './banner.js';
import { LaunchError } from './launch-error.js';
import { readSettings } from './settings.js';

describe(readSettings.name, () => {
  const faults = (env: Env): readonly string[] => {
    try {
      readSettings(env);
      return [];
    } catch (error) {
      return (error as ConfigError).faults.map((fault) => fault.variable);
    }
  };

  it.each<[string, Env, boolean]>([
    ['nothing set', {}, true],
    ['empty credentials', { NHN_APP_KEY: ' ', NCP_ACCESS_KEY: '', NCP_SECRET_KEY: '' }, true],
    ['an account of NCP', { NCP_ACCESS_KEY: 'a', NCP_SECRET_KEY: 'b' }, false],
    ['an account of NHN', { NHN_APP_KEY: 'a' }, false],
    ['switched off', { SANDBOX: 'false' }, false],
    ['switched on', { SANDBOX: 'true' }, true],
  ])('sandbox: %s', (_name, env, sandbox) => expect(readSettings(env).sandbox).toBe(sandbox));

  it('never lets the simulator and real credentials meet', () => {
    expect(faults({ SANDBOX: 'true', NHN_APP_KEY: 'a' })).toEqual(['SANDBOX']);
    expect(faults({ SANDBOX: 'on', NCP_ACCESS_KEY: 'a', NCP_SECRET_KEY: 'b' })).toEqual(['SANDBOX']);
  });

  it('does not take half an account for none, and lists all faults', () => {
    expect(faults({ NCP_SECRET_KEY: 'b' })).toEqual(['NCP_ACCESS_KEY']);
    expect(faults({ NCP_ACCESS_KEY: 'a', PORT: 'x' })).toEqual(['PORT', 'NCP_SECRET_KEY']);
  });
});

describe(firstApiKey.name, () => {
  let dataDir = '';
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'gateway-key-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('makes one, keeps it for its owner only, and finds it again', () => {
    const { key, given } = firstApiKey(undefined, join(dataDir, 'new'));
    expect(key).toMatch(/^gk_[0-9A-Za-z]{32}$/);
    expect(given).toBe(false);
    expect(firstApiKey(undefined, join(dataDir, 'new')).key).toBe(key);
    const file = join(dataDir, 'new', 'api-key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe(`${key}\n`);
  });

  it('takes the given one and keeps nothing', () => {
    expect(firstApiKey('mine', dataDir)).toEqual({ key: 'mine', given: true });
    expect(firstApiKey(undefined, dataDir).key).not.toBe('mine');
  });
});

describe(webhookMasterKey.name, () => {
  let dataDir = '';
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'gateway-key-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('makes one of 32 bytes, keeps it for its owner only, and finds it again', () => {
    const key = webhookMasterKey({}, dataDir);
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(webhookMasterKey({ WEBHOOK_MASTER_KEY: ' ' }, dataDir)).toBe(key);
    expect(statSync(join(dataDir, 'webhook-master-key')).mode & 0o777).toBe(0o600);
  });

  it('takes the given ones', () => {
    expect(webhookMasterKey({ WEBHOOK_MASTER_KEY: 'new,old' }, dataDir)).toBe('new,old');
  });
});

describe(BackOff.name, () => {
  it('doubles to half a minute and starts over after a healthy minute', () => {
    const sut = new BackOff();
    const delays = Array.from({ length: 7 }, () => sut.delayAfter(10));
    expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(sut.delayAfter(60_000)).toBe(1000);
  });
});

describe(banner.name, () => {
  const facts = { url: 'http://127.0.0.1:3000', dataDir: '/data', sandbox: true };

  it('shows the key that was made and a line to paste', () => {
    const text = banner({ ...facts, apiKey: { key: 'gk_made', given: false } });
    expect(text).toContain('http://127.0.0.1:3000/docs');
    expect(text).toContain('Bearer gk_made');
    expect(text).toMatch(/-d '\{"from":.*"to":.*\}'/);
    expect(text).toContain('SANDBOX');
  });

  it('does not show a key it was given, nor a sandbox there is not', () => {
    const text = banner({ ...facts, sandbox: false, apiKey: { key: 'hush', given: true } });
    expect(text).not.toMatch(/hush|SANDBOX/);
    expect(text).toContain('Bearer $GATEWAY_API_KEY');
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:1'],
    ['0.0.0.0', 'http://127.0.0.1:1'],
    ['::', 'http://localhost:1'],
    ['::1', 'http://[::1]:1'],
  ])('%s is shown as %s', (host, url) => expect(urlOf(host, 1)).toBe(url));
});

describe(LaunchError.name, () => {
  it('is one line without credentials', () => {
    const { message } = new LaunchError('Broken', new Error('no route to postgres://u:hunter2@h/db'));
    expect(message).toBe('Broken: no route to postgres://u:[redacted]@h/db');
  });
});
