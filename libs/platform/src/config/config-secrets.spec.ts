import { expect, it } from '@jest/globals';
import { configSecrets } from './config-secrets.js';
import { loadConfig } from './gateway-config.js';

it('knows the first key and the passwords of all URLs, encoded and plain', () => {
  const config = loadConfig({
    GATEWAY_API_KEY: 'k'.repeat(40),
    DATABASE_URL: 'postgresql://u:p%40ss@db/x',
    REDIS_URL: 'redis://:r1@a:6379,rediss://u:r2@b:6379',
  });
  expect(new Set(configSecrets(config))).toEqual(new Set(['k'.repeat(40), 'p%40ss', 'p@ss', 'r1', 'r2']));
  expect(configSecrets(loadConfig({}))).toEqual([]);
});
