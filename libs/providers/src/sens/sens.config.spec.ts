import { describe, expect, it } from '@jest/globals';
import { ConfigError, type Env } from '@gateway/platform';
import { readSensSettings } from './sens.config.js';

const SERVICE = 'ncp:mail:kr:100000000002:main';
const credentials = { SENS_SERVICE_ID: SERVICE, SENS_ACCESS_KEY: 'AK', SENS_SECRET_KEY: 'SK' };

function faultsOf(env: Env): readonly string[] {
  try {
    readSensSettings(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, problem }) => `${variable} ${problem}`);
    throw error;
  }
}

describe(readSensSettings.name, () => {
  it('needs the service id and both keys', () => {
    expect(readSensSettings({})).toBeUndefined();
    expect(readSensSettings({ SENS_BASE_URL: 'https://sens.test' })).toBeUndefined();
    expect(readSensSettings(credentials)).toEqual({
      baseUrl: 'https://sens.apigw.ntruss.com',
      serviceId: SERVICE,
      accessKey: 'AK',
      secretKey: 'SK',
      successMeans: 'delivered',
    });
  });

  it('takes a service id that was copied from a URL', () => {
    const copied = { ...credentials, SENS_SERVICE_ID: 'ncp%3Amail%3akr%3A100000000002%3Amain' };
    expect(readSensSettings(copied)?.serviceId).toBe(SERVICE);
  });

  it('names everything that is missing or bad, and no value', () => {
    expect(faultsOf({ SENS_ACCESS_KEY: 'AK' })).toEqual([
      'SENS_SERVICE_ID must be set too, as SENS_ACCESS_KEY is',
      'SENS_SECRET_KEY must be set too, as SENS_ACCESS_KEY is',
    ]);
    const bad = { ...credentials, SENS_SERVICE_ID: 'a/b', SENS_BASE_URL: 'ftp://x', SENS_SUCCESS_MEANS: 'perhaps' };
    const faults = faultsOf(bad);
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'SENS_BASE_URL',
      'SENS_SUCCESS_MEANS',
      'SENS_SERVICE_ID',
    ]);
    expect(faults.join()).not.toContain('a/b');
  });

  it('uses v1 with the same keys, unless it is given others', () => {
    const v1 = { ...credentials, SENS_V1_BASE_URL: 'https://mail.test/api/v1/' };
    const same = { baseUrl: 'https://mail.test/api/v1', accessKey: 'AK', secretKey: 'SK', files: 'refuse' };
    expect(readSensSettings(credentials)).not.toHaveProperty('v1');
    expect(readSensSettings(v1)?.v1).toEqual(same);
    const others = { ...v1, SENS_V1_ACCESS_KEY: 'AK1', SENS_V1_SECRET_KEY: 'SK1', SENS_V1_FILES: 'send' };
    expect(readSensSettings(others)?.v1).toEqual({ ...same, accessKey: 'AK1', secretKey: 'SK1', files: 'send' });
  });

  it.each([
    [{ SENS_V1_BASE_URL: 'https://mail.test', SENS_V1_ACCESS_KEY: 'AK1' }, 'SENS_V1_SECRET_KEY'],
    [{ SENS_V1_BASE_URL: 'https://mail.test', SENS_V1_SECRET_KEY: 'SK1' }, 'SENS_V1_ACCESS_KEY'],
    [{ SENS_V1_ACCESS_KEY: 'AK1', SENS_V1_SECRET_KEY: 'SK1' }, 'SENS_V1_BASE_URL'],
    [{ SENS_V1_FILES: 'send' }, 'SENS_V1_BASE_URL'],
    [{ SENS_V1_BASE_URL: 'mail.test' }, 'SENS_V1_BASE_URL'],
    [{ SENS_V1_BASE_URL: 'https://mail.test', SENS_V1_FILES: 'perhaps' }, 'SENS_V1_FILES'],
  ])('names what is missing or bad about v1: %j', (env, variable) => {
    expect(faultsOf({ ...credentials, ...env }).map((fault) => fault.split(' ')[0])).toEqual([variable]);
  });
});
