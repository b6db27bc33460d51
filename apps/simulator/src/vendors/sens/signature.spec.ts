import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sign } from '../../http/apigw-signature.js';
import { aSimulator, SENS_SERVICE, signedHeaders, text, type Fixture } from '../../testing/simulator.fixture.js';
import { sensKeys } from './keys.js';

describe('SENS authentication', () => {
  // sens.md §9
  test.each([
    [
      'POST',
      '/mail/v2/services/ncp%3Amail%3Akr%3A100000000002%3Amain/requests',
      'LKL2XfMcOk8uFoM4JCHO0LkBQmQd13NoZsxQJEcjHZc=',
    ],
    [
      'POST',
      '/mail/v2/services/ncp:mail:kr:100000000002:main/requests',
      'hf4rZV8Tva7GHOtArrdQAh5y9XhPGdA5gCYgbUIkkLE=',
    ],
    [
      'GET',
      '/mail/v2/services/ncp%3Amail%3Akr%3A100000000002%3Amain/requests?fromDateTime=2026-11-01T00%3A00%3A00%2B09%3A00&toDateTime=2026-11-20T23%3A59%3A59%2B09%3A00&status=FAILED&status=PARTIAL_FAILED&pageNo=0&pageSize=50',
      'M1/ynmewmfR0tD+Qw3KnrR8e9y5ddhjrOOgCgAKmc2c=',
    ],
    ['GET', '/common/v2/projects', 'FnsVMGFFNQsqI7Cb9+7uPlXoJcCaF9grIjF+Hhw1+lw='],
  ])('%s %s', (method, pathAndQuery, expected) => {
    expect(sign({ method, pathAndQuery, timestamp: '1700000000000', accessKey: 'AKTEST' }, 'SKTEST')).toBe(expected);
  });

  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const headersFor = (path: string) => signedHeaders('GET', path, fixture.simulator.now(), sensKeys);
  const escaped = '/common/v2/projects';

  test('takes either spelling of the service id, signed as it is sent, and a path prefix that is signed', async () => {
    const missing = `${SENS_SERVICE}/requests/none`;
    for (const path of [missing, missing.replaceAll('%3A', ':'), `/sens${missing}`]) {
      expect(await fixture.call('GET', path, undefined, headersFor(path))).toMatchObject({ status: 404 });
    }
    const refused = await fixture.call('GET', missing, undefined, headersFor(missing.replaceAll('%3A', ':')));
    expect(refused).toMatchObject({ status: 401, json: { error: { errorCode: '200' } } });
  });

  test.each(['x-ncp-apigw-timestamp', 'x-ncp-iam-access-key', 'x-ncp-apigw-signature-v2'])(
    'refuses a call without %s',
    async (name) => {
      const headers = headersFor(escaped);
      delete headers[name];
      expect(await fixture.call('GET', escaped, undefined, headers)).toMatchObject({ status: 401 });
    },
  );

  test('a wrong service id and a channel that is off are forbidden, in either shape', async () => {
    const other = '/mail/v2/services/ncp%3Amail%3Akr%3A1%3Aother/requests/none';
    const common = { status: 403, json: { status: 403, error: 'Forbidden', message: 'Forbidden' } };
    expect(await fixture.call('GET', other, undefined, headersFor(other))).toMatchObject(common);
    fixture.simulator.change({ sens: { channel: 'off' } });
    expect(await fixture.sens('GET', '/requests/none')).toMatchObject(common);
    fixture.simulator.change({ sens: { channelOffShape: 'service' } });
    expect(await fixture.sens('GET', '/requests/none')).toMatchObject({ json: { error: { errorCode: 'Forbidden' } } });
    fixture.simulator.change({ sens: { channelOffShape: 'common', commonErrorNames: 'errors' } });
    expect((await fixture.sens('GET', '/requests/none')).json).toMatchObject({ errors: 'Forbidden' });
  });

  test('the projects name the service', async () => {
    const { json } = await fixture.call('GET', escaped, undefined, headersFor(escaped));
    expect(json).toMatchObject([{ useMail: true, mailService: { serviceId: sensKeys.serviceId } }, { useMail: false }]);
    const one = `${escaped}/${text(json[0]?.['projectId'])}`;
    expect(await fixture.call('GET', one, undefined, headersFor(one))).toMatchObject({ status: 200 });
  });
});
