import { describe, expect, it } from '@jest/globals';
import { UnconfirmedError } from '@gateway/core';
import type { HttpResponse } from '@gateway/platform';
import { redactor } from '../shared/answer.js';
import { judgeSend } from './nhn.errors.js';

const judge = (body: unknown, status = 200, headers: HttpResponse['headers'] = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = { status, headers, body: Buffer.from(text) };
  const by = { account: 'nhn', redact: redactor(['APPKEY-1234']), clock: { now: () => new Date() } };
  return judgeSend({ answer, operation: 'eachMail', by });
};
const header = (resultCode: unknown, isSuccessful: unknown = Number(resultCode) >= 0) => ({
  header: { isSuccessful, resultCode, resultMessage: 'said of APPKEY-1234' },
});
const results = [
  { receiveMailAddr: 'a@example.com', receiveName: null, receiveType: null, resultCode: 0, resultMessage: 'success' },
  { receiveMailAddr: 'b', receiveType: 'MRT0', resultCode: -2011, resultMessage: 'malformed' },
  { receiveMailAddr: 'c@example.com', resultCode: -7777, resultMessage: '' },
];
const requestId = '20250914140512a1B2c3D0';
const refusedOnes = [
  { address: 'b', status: 'rejected', reason: 'invalid_address', code: '-2011', message: 'malformed' },
  { address: 'c@example.com', status: 'rejected', reason: 'provider_refused', code: '-7777' },
];

describe(judgeSend.name, () => {
  it('accepts with all receivers', () => {
    expect(judge({ ...header(0), body: { data: { requestId, results: results.slice(0, 1) } } })).toEqual({
      outcome: 'accepted',
      requestId,
      operation: 'eachMail',
      httpStatus: 200,
      refusedRecipients: [],
    });
  });

  it.each([0, 1000])('tells single receivers that were refused, under %i', (code) => {
    const outcome = judge({ ...header(code), body: { data: { requestId, results } } });
    expect(outcome).toMatchObject({ outcome: 'accepted', refusedRecipients: refusedOnes });
  });

  it('takes both answers of auth-mail', () => {
    expect(judge({ ...header(0), body: { data: { requestId, statusCode: 'Y' } } })).toMatchObject({ requestId });
    expect(judge({ ...header(0), body: { data: { requestId, statusCode: 'N' } } })).toMatchObject({
      outcome: 'refused',
      scope: 'batch',
    });
  });

  it('knows that all were refused', () => {
    expect(judge({ ...header(-2032), body: { data: { requestId: null, results: results.slice(1) } } })).toMatchObject({
      outcome: 'refused',
      scope: 'batch',
      refusedRecipients: refusedOnes,
    });
    expect(judge({ ...header(-2032), body: null })).toMatchObject({ outcome: 'refused', refusedRecipients: [] });
  });

  it.each([
    [-1000, 'account', 'auth_failed'],
    [-1004, 'account', 'auth_failed'],
    [-1005, 'account', 'provider_refused'],
    [-9998, 'account', 'provider_refused'],
    [-2043, 'moment', 'throttled'],
    [-2050, 'message', 'sender_not_verified'],
    [-2701, 'message', 'sender_not_verified'],
    [-2703, 'message', 'sender_not_verified'],
    [-2708, 'message', 'sender_not_verified'],
    [-2709, 'message', 'sender_not_verified'],
    [-2710, 'message', 'sender_not_verified'],
    [-2712, 'message', 'sender_not_verified'],
    [-2003, 'message', 'content'],
    [-2010, 'message', 'provider_refused'],
    [-2023, 'message', 'content'],
    [-2030, 'message', 'provider_refused'],
    [-2109, 'batch', 'template_error'],
    [-9997, 'batch', 'provider_refused'],
    ['-2012', 'batch', 'too_large'],
  ])('%s is a no to the %s', (code, scope, reason) => {
    for (const status of [200, 400, 500]) {
      expect(judge({ ...header(code), body: null }, status)).toMatchObject({
        outcome: 'refused',
        scope,
        reason,
        provider: { name: 'nhn', code: String(code), message: 'said of [redacted]', httpStatus: status },
      });
    }
  });

  it('takes a 429 for what it is, whatever its body', () => {
    expect(judge('<html>', 429, { 'retry-after': '3' })).toMatchObject({
      outcome: 'refused',
      scope: 'moment',
      reason: 'throttled',
      retryAfterMs: 3000,
    });
  });

  it.each([
    ['an internal error', header(-9999), 500],
    ['a client exception', header(-9994), 200],
    ['a code that no document lists', header(-2999), 200],
    ['contradictory success', header(-2043, true), 200],
    ['contradictory failure', header(0, false), 200],
    ['no code', header(null, true), 200],
    ['success without body', { ...header(0), body: null }, 200],
    ['success without request id', { ...header(0), body: { data: { results: [] } } }, 200],
    ['HTML', '<html></html>', 200],
    ['nothing', '', 200],
    ['half of an answer', '{"header":{"isSuccessful":tr', 200],
    ['a redirect', '', 302],
    ['a gateway', '<html>', 502],
    ['something that is not NHN', '{"error":"unauthorized"}', 401],
  ])('%s is no verdict', (_what, body, status) => {
    expect(() => judge(body, status)).toThrow(UnconfirmedError);
  });
});
