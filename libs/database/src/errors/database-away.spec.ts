import { describe, expect, it } from '@jest/globals';
import { isDatabaseAway } from './database-away.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe(isDatabaseAway.name, () => {
  it.each([
    ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'EPROTO'],
    ...['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', '57P01', '08006', '53300', 'P1001'],
  ])('sees it in %s, also as a cause', (code) => {
    expect(isDatabaseAway(withCode(code))).toBe(true);
    expect(isDatabaseAway(new Error('y', { cause: withCode(code) }))).toBe(true);
  });

  it.each(['23505', '40P01', '42P01', 'ENOENT', 'ERR_INVALID_ARG_TYPE'])('is not confused by %s', (code) => {
    expect(isDatabaseAway(withCode(code))).toBe(false);
  });
});
