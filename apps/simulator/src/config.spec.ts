import { describe, expect, test } from '@jest/globals';
import { readConfig } from './config.js';

describe(readConfig.name, () => {
  test('defaults to sandbox keys on loopback', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3900,
      keys: {
        ncp: { accessKey: 'sandbox-ncp-access-key', secretKey: 'sandbox-ncp-secret-key' },
        nhn: { appKey: 'sandbox-nhn-app-key', secretKey: 'sandbox1' },
      },
    });
  });

  test('each key of a vendor can be replaced', () => {
    const { keys } = readConfig({ SIMULATOR_NCP_SECRET_KEY: 'another', SIMULATOR_NHN_APP_KEY: 'mine' });
    expect(keys).toMatchObject({
      ncp: { accessKey: 'sandbox-ncp-access-key', secretKey: 'another' },
      nhn: { appKey: 'mine' },
    });
  });

  test('a reachable host needs an explicit word', () => {
    expect(() => readConfig({ SIMULATOR_HOST: '0.0.0.0' })).toThrow('SIMULATOR_ALLOW_REMOTE');
    expect(readConfig({ SIMULATOR_HOST: '0.0.0.0', SIMULATOR_ALLOW_REMOTE: 'true' }).host).toBe('0.0.0.0');
  });

  test.each(['x', '70000', '-1'])('refuses the port %s', (port) => {
    expect(() => readConfig({ SIMULATOR_PORT: port })).toThrow('SIMULATOR_PORT');
  });
});
