import { describe, expect, it } from '@jest/globals';
import { UnconfirmedError } from '@gateway/core';
import { judgeSend } from './sens.errors.js';
import { pauseMs } from './sens.pause.js';

const now = new Date('2026-11-20T12:00:00Z');
const reading = { account: 'sens-brand', redact: (text: string) => text, clock: { now: () => now } };

const judge = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  judgeSend(
    {
      status,
      headers,
      body: Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)),
    },
    reading,
  );

/** Shape A of sens.md §1.4. */
const service = (errorCode: string, fieldErrors?: readonly unknown[]) => ({
  error: { errorCode, message: 'Invalid.', detail: null, ...(fieldErrors && { fieldErrors }) },
});

describe(judgeSend.name, () => {
  it.each([
    [202, { requestId: '20261120-R-01KAB3C4D5E6F7G8H9J0K1M2N3-101', requestCount: 2 }],
    [202, { requestId: 'x' }],
    // v1's answer.
    [201, { requestId: '20261120000012345678', count: 1 }],
  ])('accepts %i %j', (status, body) => {
    expect(judge(status, body)).toMatchObject({ outcome: 'accepted', requestId: body.requestId, httpStatus: status });
  });

  it.each<[string, number, unknown, object]>([
    [
      'shape A',
      400,
      service('InvalidParameter'),
      { reason: 'provider_refused', scope: 'batch', culprit: 'perhaps_recipient' },
    ],
    [
      'a recipient',
      400,
      service('InvalidParameter', [{ field: 'recipients[3].address' }]),
      { scope: 'batch', culprit: 'perhaps_recipient' },
    ],
    [
      'the body, measured for each',
      400,
      service('InvalidParameter', [{ field: 'body' }]),
      { scope: 'batch', culprit: 'perhaps_recipient' },
    ],
    [
      'the sender',
      400,
      service('InvalidParameter', [{ field: 'senderAddress', message: 'x' }]),
      { reason: 'sender_not_verified', scope: 'message' },
    ],
    [
      'the sender, as text',
      400,
      service('InvalidParameter', ['senderAddress: x']),
      { reason: 'sender_not_verified', scope: 'message' },
    ],
    ['the title', 400, service('InvalidParameter', [{ field: 'title' }]), { scope: 'message' }],
    [
      'a template',
      400,
      service('InvalidParameter', [{ field: 'templateNo' }]),
      { reason: 'template_error', scope: 'message' },
    ],
    ['a file', 400, service('InvalidParameter', [{ field: 'attachFileIds[0]' }]), { files: 'perhaps_gone' }],
    [
      'a code of v1',
      400,
      { error: { code: '77102', message: 'BAD_REQUEST' } },
      { scope: 'batch', culprit: 'perhaps_recipient' },
    ],
    ['shape B', 400, { status: 400, error: 'Bad Request', message: 'm' }, { scope: 'batch' }],
    ['shape B in other words', 400, { status: 400, errors: 'Bad Request', errorMessage: 'm' }, { scope: 'batch' }],
    [
      'shape C',
      401,
      { error: { errorCode: '200', message: 'Authentication Failed' } },
      { reason: 'auth_failed', scope: 'account' },
    ],
    [
      'forbidden',
      403,
      { status: 403, error: 'Forbidden', message: 'Forbidden' },
      { reason: 'auth_failed', scope: 'account' },
    ],
    ['404 without body', 404, undefined, { scope: 'account' }],
    ['too large', 413, '<html>', { reason: 'too_large', scope: 'batch' }],
    [
      'too fast',
      429,
      { error: { errorCode: '420', message: 'Rate Limited' } },
      { reason: 'throttled', scope: 'moment' },
    ],
    [
      'quota of the gateway',
      429,
      { error: { errorCode: '400', message: 'Quota Exceeded' } },
      { reason: 'quota', scope: 'moment' },
    ],
    ['quota of the service', 400, service('QuotaExceeded'), { reason: 'quota', scope: 'moment' }],
  ])('refuses: %s', (_, status, body, wanted) => {
    expect(judge(status, body)).toMatchObject({ outcome: 'refused', provider: { name: 'sens-brand' }, ...wanted });
  });

  it('keeps the words of the vendor', () => {
    const body = service('InvalidParameter', [{ field: 'title', message: 'too long' }]);
    expect(judge(400, body)).toMatchObject({
      provider: { code: 'InvalidParameter', message: 'Invalid.: title: too long', httpStatus: 400 },
    });
  });

  it.each<[number, unknown]>([
    [500, { status: 500, error: 'Internal Server Error', message: 'm' }],
    [502, '<html>'],
    [202, {}],
    [202, undefined],
    [204, undefined],
    [302, undefined],
    [400, '<html>'],
    [418, { error: { errorCode: 'x' } }],
  ])('takes %i %j for no verdict', (status, body) => {
    expect(() => judge(status, body)).toThrow(UnconfirmedError);
  });
});

describe(pauseMs.name, () => {
  it.each([
    ['5', 5000],
    ['604800', 3_600_000],
    ['Fri, 27 Nov 2026 12:00:00 GMT', 3_600_000],
    ['soon', undefined],
  ])('%s', (value, wanted) => {
    expect(pauseMs({ headers: { 'retry-after': value } }, now)).toBe(wanted);
  });
});
