import { describe, expect, it } from '@jest/globals';
import { aBatch, anySignal } from '@gateway/testing';
import { signature } from '../naver/apigw-signature.js';
import { scriptedHttp } from '../shared/scripted-http.fixture.js';
import { createSensProvider } from './sens.provider.js';

const now = new Date('2026-11-20T12:00:00Z');
const settings = {
  baseUrl: 'https://proxy.test/naver/sens',
  serviceId: 'ncp:mail:kr:100000000002:main',
  accessKey: 'AK-of-a-test',
  secretKey: 'SK-of-a-test',
  successMeans: 'delivered',
} as const;

function sensThat(answer: (path: string) => unknown, status: (path: string) => number = () => 200) {
  const http = scriptedHttp(answer);
  const request: typeof http.request = async (call) => ({ ...(await http.request(call)), status: status(call.path) });
  const deps = { http: () => ({ ...http, request }), clock: { now: () => now }, timeoutMs: 1, account: 'sens-brand' };
  return { http, provider: createSensProvider(settings, deps) };
}

const isProjects = (path: string): boolean => path.includes('/common/v2/projects');

describe('the account', () => {
  it('signs the path in the spelling that is sent, with the prefix of the base URL', async () => {
    const { http, provider } = sensThat(
      () => ({ requestId: 'r-1' }),
      () => 202,
    );
    await provider.send(aBatch(), anySignal());
    const [{ path, headers } = { path: '', headers: {} }] = http.requests;
    expect(path).toBe('/naver/sens/mail/v2/services/ncp%3Amail%3Akr%3A100000000002%3Amain/requests');
    const timestamp = String(now.getTime());
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-ncp-apigw-timestamp': timestamp,
      'x-ncp-apigw-signature-v2': signature(
        { method: 'POST', path, timestamp },
        settings.accessKey,
        settings.secretKey,
      ),
    });
  });

  it('has the name that it was given', () => {
    const { provider } = sensThat(() => ({}));
    expect(provider).toMatchObject({ name: 'sens-brand', kind: 'sens', version: 'v2' });
  });

  it.each([
    [
      'others',
      [{ mailService: { serviceId: 'ncp:mail:kr:1:shop' } }],
      'the mail services of these keys are others: ncp:mail:kr:1:shop',
    ],
    ['none', [{ useSms: true }], 'no project of these keys has a mail service'],
    ['its own', { projects: [{ mailService: settings }] }, 'the project list has this mail service'],
  ])('says which mail services there are when its own is refused: %s', async (_, projects, hint) => {
    const { provider } = sensThat(
      (path) => (isProjects(path) ? projects : { status: 403, error: 'Forbidden', message: 'Forbidden' }),
      (path) => (isProjects(path) ? 200 : 403),
    );
    const outcome = await provider.send(aBatch(), anySignal());
    expect(outcome).toMatchObject({ outcome: 'refused', scope: 'account', reason: 'auth_failed' });
    expect(outcome).toMatchObject({ provider: { code: 'Forbidden', message: expect.stringContaining(hint) } });
  });

  it('refuses all the same when the projects cannot be listed', async () => {
    const { provider } = sensThat(
      () => '',
      () => 404,
    );
    expect(await provider.send(aBatch(), anySignal())).toMatchObject({ outcome: 'refused', scope: 'account' });
  });

  it('asks for no project after any other refusal', async () => {
    const { http, provider } = sensThat(
      () => ({ error: { errorCode: 'InvalidParameter' } }),
      () => 400,
    );
    await provider.send(aBatch(), anySignal());
    expect(http.requests).toHaveLength(1);
  });

  it('proves keys, clock and service in its check', async () => {
    const listed = { requests: [{ requestId: 'r-1', senderAddress: 'shop@example.com' }] };
    const { provider } = sensThat(() => listed);
    const findings = await provider.check?.credentials.ask(anySignal());
    expect(findings?.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ['credentials', 'ok'],
      ['clock', 'ok'],
      ['senders', 'ok'],
    ]);
    const refused = sensThat(
      (path) => (isProjects(path) ? [] : ''),
      (path) => (isProjects(path) ? 200 : 404),
    ).provider;
    expect(await refused.check?.credentials.ask(anySignal())).toMatchObject([
      { subject: 'credentials', outcome: 'fault', detail: expect.stringContaining('no project of these keys') },
    ]);
  });
});
