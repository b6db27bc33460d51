import type { Reason, Refused } from '@gateway/core';

export interface Verdict {
  readonly reason: Reason;
  readonly scope: Refused['scope'];
}

type Table = readonly (readonly [reason: Reason, scope: Refused['scope'], codes: readonly number[]])[];

/**
 * Result codes that definitely refuse a send (nhn.md §3). All others leave the outcome open: -9999 internal error,
 * -9994 client exception, -8000 file read failed, and codes that the documents do not list.
 */
const TABLE: Table = [
  // App key, service, secret key, service blocked, shared domain, service not active.
  ['auth_failed', 'account', [-1000, -1004]],
  ['provider_refused', 'account', [-1001, -1002, -1003, -1005, -1006, -1007, -5000, -5001, -5002, -5003, -9998]],
  ['throttled', 'moment', [-2043]],
  // The sender's domain (protected by another project, not registered, not verified) and the envelope-from that the
  // caller chose: other senders of the account are not affected.
  ['sender_not_verified', 'message', [-2050, -2701, -2703, -2708, -2709, -2710, -2712]],
  // Sender, title, body, headers: missing, malformed or too long.
  ['provider_refused', 'message', [-2002, -2010, -2015, -2016, -2030, -2037, -2038]],
  ['content', 'message', [-2003, -2023, -2024, -2034]],
  ['too_large', 'message', [-2013, -2014, -2021]],
  ['template_error', 'message', [-2005, -2036, -2100, -2107, -2110, -2111, -2114, -2115]],
  // Files: lost, or their name or content missing.
  ['provider_refused', 'message', [-2004, -2020, -2026, -2027, -2041, -2044, -2045]],
  // The codes below may be one recipient's fault.
  ['invalid_address', 'batch', [-2011, -2017, -2051]],
  ['too_large', 'batch', [-2012]],
  ['template_error', 'batch', [-2109]],
  // Fields that are missing, malformed, too long or point to nothing.
  ['provider_refused', 'batch', [-2000, -2001, -2006, -2007, -2018, -2019, -2022, -2025, -2029, -2031, -2032, -2035]],
  ['provider_refused', 'batch', [-2039, -2040, -2042, -2046, -2047, -2052, -2053, -2059]],
  ['provider_refused', 'batch', [-7001, -7002, -7003, -7004, -7005, -7006, -9993, -9995, -9996, -9997]],
];

const VERDICTS: ReadonlyMap<number, Verdict> = new Map(
  TABLE.flatMap(([reason, scope, codes]) => codes.map((code) => [code, { reason, scope }] as const)),
);

/**
 * Codes about a receiver's address, name, type or parameters (nhn.md §3). Most are in the result of the receiver that
 * they are about; in the header they refuse the whole request and do not name the receiver. -9995 is "invalid request".
 */
export const ABOUT_RECEIVER: ReadonlySet<number> = new Set([
  -2011, -2017, -2018, -2019, -2032, -2039, -2040, -2051, -2109, -9995,
]);

/** A file that the mail refers to is not found, absent or expired. */
export const FILE_GONE: ReadonlySet<number> = new Set([-2004, -2026, -2027]);

/** `undefined`: the code is no verdict. */
export const verdictOf = (code: number): Verdict | undefined => VERDICTS.get(code);

/** Codes of the header and of a single receiver that mean "taken" (nhn.md §2.9). */
export const OK = 0;
export const PARTLY = 1000;
/** "Data does not exist": what a search without hits may answer. */
export const NO_DATA = -2006;
