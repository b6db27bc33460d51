import type { FieldErrorCode } from '../problem.js';
import { MAX_ADDRESS_LENGTH, MAX_LOCAL_LENGTH, asciiDomain } from './address.js';

export interface AddressFault {
  readonly code: Extract<FieldErrorCode, 'required' | 'too_long' | 'invalid_address'>;
  readonly detail: string;
}

/** Longer texts are not searched for reasons. */
const LONGEST_EXPLAINED = 4 * MAX_ADDRESS_LENGTH;

const invalid = (why?: string): AddressFault => ({
  code: 'invalid_address',
  detail: `is not an e-mail address${why === undefined ? '' : `: ${why}`}`,
});

const NOT_ALONE = /[,;<>]/;

/** Checked in this order; the first that applies is the reason. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^"[^"]*"@/, 'a quoted part before the "@" is not supported'],
  [/[,;]/, 'it holds a separator; exactly one address is expected here'],
  [/[<>]/, 'it holds an angle bracket; the address alone is expected here'],
  [/^mailto:/i, 'write it without "mailto:"'],
  [/[\u{ff20}\u{fe6b}]/u, 'it holds a full-width or small "@" (U+FF20, U+FE6B)'],
  [/\p{Default_Ignorable_Code_Point}/u, 'it holds an invisible character'],
  [/^[^@]*$/, 'it has no "@"'],
  [/@\[/, 'an address literal ("@[…]") is not supported'],
  [/\s/, 'it holds a blank'],
  [/@[^]*@/, 'it has more than one "@"'],
  [/^@/, 'nothing is before the "@"'],
  [/@$/, 'nothing is after the "@"'],
  [/^[^@]*[^\x00-\x7f][^@]*@/, 'only ASCII letters are possible before the "@"'],
  [/^[^@]{65}/, `the part before the "@" has more than ${MAX_LOCAL_LENGTH} characters`],
  [/^\.|\.@|^[^@]*\.\./, 'a dot before the "@" must be between other characters'],
  [/@.*_/, 'a host name holds no "_"'],
  [/\.$/, 'the domain ends with a dot'],
  [/@[^.\u3002\uff0e\uff61]*$/, 'the domain has no dot'],
];

/** Why `normaliseAddress` does not take a text. Only called for those that it refuses. */
export function addressFault(input: string): AddressFault {
  const text = input.trim();
  if (text === '') return { code: 'required', detail: 'an address is required' };
  if (text.length > LONGEST_EXPLAINED) return tooLong('');
  const reason = REASONS.find(([pattern]) => pattern.test(text))?.[1];
  if (text.length > MAX_ADDRESS_LENGTH && !NOT_ALONE.test(text)) return tooLong('');
  if (reason !== undefined) return invalid(reason);
  const at = text.lastIndexOf('@');
  const inPunycode = at + 1 + asciiDomain(text.slice(at + 1)).length;
  return inPunycode > MAX_ADDRESS_LENGTH ? tooLong(`, its domain in Punycode (has ${inPunycode})`) : invalid();
}

const tooLong = (how: string): AddressFault => ({
  code: 'too_long',
  detail: `an address has at most ${MAX_ADDRESS_LENGTH} characters${how}`,
});
