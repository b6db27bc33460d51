import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, signedHeaders, type Fixture } from '../../testing/simulator.fixture.js';
import { sign } from '../../http/apigw-signature.js';

describe(sign.name, () => {
  // ncp.md §13
  test.each([
    ['POST', '/api/v1/mails', 'AjndipZJIDKGUs8yYnc/Eo24ejM1N7/ppWX0b4yCiAA='],
    [
      'GET',
      '/api/v1/mails/requests?startDateTime=2026-11-01%2000:00&endDateTime=2026-11-20%2023:59&size=5&page=0',
      'e+Jq768nZSXsPxzUcAAZYKe4jcFMjmQig+9PdtsS+FM=',
    ],
    ['POST', '/api/v1-sgn/mails', 'z0H1nSzeUNA72TuB1Cnmfa22sl3sbqhrD+900HGRh54='],
  ])('%s %s', (method, pathAndQuery, expected) => {
    expect(sign({ method, pathAndQuery, timestamp: '1700000000000', accessKey: 'AKTEST' }, 'SKTEST')).toBe(expected);
  });
});

describe('NCP authentication', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const path = '/api/v1/mails/requests?title=a%20b';
  const headersAt = (offsetMs: number) => signedHeaders('GET', path, fixture.simulator.now() + offsetMs);
  const refused = { status: 401, json: { error: { errorCode: '200', message: 'Authentication Failed' } } };

  test('accepts the exact path and query within five minutes', async () => {
    for (const offset of [0, -299_999, 299_999]) {
      expect(await fixture.call('GET', path, undefined, headersAt(offset))).toMatchObject({ status: 200 });
    }
  });

  test('refuses a timestamp that is five minutes away', async () => {
    for (const offset of [-300_000, 300_000]) {
      expect(await fixture.call('GET', path, undefined, headersAt(offset))).toMatchObject(refused);
    }
  });

  test('refuses a query that is encoded otherwise than it was signed', async () => {
    expect(await fixture.call('GET', path.replace('%20', '+'), undefined, headersAt(0))).toMatchObject(refused);
  });

  test.each(['x-ncp-apigw-timestamp', 'x-ncp-iam-access-key', 'x-ncp-apigw-signature-v2'])(
    'refuses a call without %s before reading its body',
    async (name) => {
      const headers = signedHeaders('POST', '/api/v1/mails', fixture.simulator.now());
      delete headers[name];
      expect(await fixture.call('POST', '/api/v1/mails', '{broken', headers)).toMatchObject(refused);
    },
  );

  test('an unknown key may be answered as a lack of permission', async () => {
    fixture.simulator.change({ ncp: { unknownKeyErrorCode: '210' } });
    const headers = { ...headersAt(0), 'x-ncp-iam-access-key': 'someone' };
    const answer = await fixture.call('GET', path, undefined, headers);
    expect(answer.json).toEqual({ error: { errorCode: '210', message: 'Permission Denied' } });
  });
});
