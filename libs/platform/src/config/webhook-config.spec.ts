import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { loadConfig } from './gateway-config.js';
import { configSecrets } from './config-secrets.js';

const key = randomBytes(32);
const faultOf = (variable: string, value: string): string => {
  try {
    loadConfig({ [variable]: value });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the configuration of webhooks', () => {
  it.each([
    ['hex', key.toString('hex')],
    ['base64', key.toString('base64')],
    ['base64url', key.toString('base64url')],
  ])('takes a master key in %s', (_, text) => {
    expect(loadConfig({ WEBHOOK_MASTER_KEY: text }).webhooks.masterKeys).toEqual([key]);
  });

  it('takes several master keys, and masks them in logs', () => {
    const other = randomBytes(48).toString('base64');
    const config = loadConfig({ WEBHOOK_MASTER_KEY: `${key.toString('hex')}, ${other}` });
    expect(config.webhooks.masterKeys).toHaveLength(2);
    expect(configSecrets(config)).toContain(other);
  });

  it.each([
    ['WEBHOOK_MASTER_KEY', randomBytes(31).toString('hex')],
    ['WEBHOOK_MASTER_KEY', 'correct horse battery staple, and some more'],
    ['WEBHOOK_ALLOW_CIDRS', '10.0.0.0'],
    ['WEBHOOK_ALLOW_CIDRS', '10.0.0.0/33'],
    ['WEBHOOK_ALLOW_HOSTS', 'https://hooks.example.com'],
    ['WEBHOOK_ALLOW_HOSTS', '*'],
    ['WEBHOOK_ALLOW_PORTS', '0'],
    ['WEBHOOK_ALLOW_PORTS', '9000-8000'],
    ['WEBHOOK_ALLOW_PORTS', '70000'],
    ['WEBHOOK_LOG_HOURS', '0'],
    ['WEBHOOK_RETRY_DELAYS', '5s,soon'],
  ])('refuses %s=%s without quoting it', (variable, value) => {
    const fault = faultOf(variable, value);
    expect(fault).toContain(variable);
    if (value.length > 8) expect(fault).not.toContain(value);
  });
});
