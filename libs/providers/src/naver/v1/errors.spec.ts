import { describe, expect, it } from '@jest/globals';
import { UnconfirmedError } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { redactor } from '../../shared/answer.js';
import { judgeSend } from './errors.js';

const now = new Date('2026-11-20T12:00:00Z');
const judge = (status: number, body: unknown, headers: HttpResponse['headers'] = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const reading = { account: 'ncp', redact: redactor(['AKTEST-1234', 'SKTEST-1234']), clock: { now: () => now } };
  return judgeSend({ status, headers, body: Buffer.from(text) }, reading);
};
const service = (code: string | number, message = 'm') => ({ error: { code, message } });
const gateway = (errorCode: string | number, message = 'm') => ({ error: { errorCode, message } });

describe(judgeSend.name, () => {
  it.each([200, 201])('%i with a request id is an acceptance', (status) => {
    expect(judge(status, { requestId: '20261120000000012301', count: 1 })).toEqual({
      outcome: 'accepted',
      requestId: '20261120000000012301',
      operation: 'createMailRequest',
      httpStatus: status,
      refusedRecipients: [],
    });
  });

  it.each([
    [400, service('77101'), 'account', 'auth_failed'],
    [400, service('77102'), 'batch', 'provider_refused'],
    [400, service(77102), 'batch', 'provider_refused'],
    [400, service('77103'), 'batch', 'provider_refused'],
    [400, service('77199'), 'batch', 'provider_refused'],
    [400, service('77102', 'monthly quota exceeded'), 'moment', 'quota'],
    [400, gateway('100'), 'account', 'provider_refused'],
    [401, gateway('200'), 'account', 'auth_failed'],
    [401, gateway(210), 'account', 'auth_failed'],
    [401, '<html>', 'account', 'auth_failed'],
    [403, service('77201'), 'account', 'auth_failed'],
    [403, service('77202'), 'account', 'provider_refused'],
    [404, gateway('300'), 'account', 'provider_refused'],
    [405, service('77001'), 'batch', 'provider_refused'],
    [413, gateway('430'), 'batch', 'too_large'],
    [415, service('77002'), 'batch', 'provider_refused'],
    [429, gateway('400'), 'moment', 'quota'],
    [429, gateway('410'), 'moment', 'throttled'],
    [429, gateway('420'), 'moment', 'throttled'],
    [429, '', 'moment', 'throttled'],
  ])('%i %j is a no to the %3$s', (status, body, scope, reason) => {
    expect(judge(status, body)).toMatchObject({ outcome: 'refused', scope, reason });
  });

  it.each([
    [200, {}],
    [201, { requestId: '' }],
    [201, ''],
    [201, '{"requestId":"2026'],
    [200, '<html></html>'],
    [204, ''],
    [302, ''],
    [400, '<html>Bad Request</html>'],
    [404, '<html>Not Found</html>'],
    [409, service('1')],
    [500, service('77301')],
    [500, service('77302')],
    [500, service('77303')],
    [500, gateway('900')],
    [503, gateway('500')],
    [504, gateway('510')],
    [500, ''],
  ])('%i %j is no verdict', (status, body) => {
    expect(() => judge(status, body)).toThrow(UnconfirmedError);
  });

  it.each([
    ['5', 5000],
    ['Fri, 20 Nov 2026 12:00:09 GMT', 9000],
    ['soon', undefined],
  ])('honours Retry-After %s', (value, retryAfterMs) => {
    const outcome = judge(429, gateway('410'), { 'retry-after': value });
    expect('retryAfterMs' in outcome ? outcome.retryAfterMs : undefined).toBe(retryAfterMs);
  });

  it('tells a wrong clock from wrong keys', () => {
    const at = (date: string) => judge(401, gateway('200', 'Authentication Failed'), { date });
    const message = (outcome: object): unknown => (outcome as { provider: { message: string } }).provider.message;
    expect(message(at('Fri, 20 Nov 2026 11:53:00 GMT'))).toMatch(
      /^Authentication Failed; the clock here is 420 s ahead/,
    );
    expect(message(at('Fri, 20 Nov 2026 12:10:00 GMT'))).toMatch(/600 s behind/);
    expect(message(at('Fri, 20 Nov 2026 11:59:00 GMT'))).toBe('Authentication Failed');
  });

  it('keeps the words but not the keys', () => {
    expect(judge(401, { error: { errorCode: 200, message: 'no AKTEST-1234', details: 'SKTEST-1234?' } })).toMatchObject(
      {
        provider: { name: 'ncp', code: '200', message: 'no [redacted]: [redacted]?', httpStatus: 401 },
      },
    );
  });
});
