import { domainToASCII } from 'node:url';

/** An address as the caller wrote it (string or object), normalised. */
export interface Mailbox {
  readonly address: string;
  readonly name?: string;
}

/** In the normal form, which is ASCII: characters are bytes. */
export const MAX_ADDRESS_LENGTH = 254;
export const MAX_LOCAL_LENGTH = 64;
/** A decomposed or full-width spelling of an address that is short enough in its normal form is still read. */
const LONGEST_SPELLING = 4 * MAX_ADDRESS_LENGTH;
/** RFC 5322 dot-atom. Quoted local parts are refused: neither vendor documents them. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** A host name (RFC 1123): labels without `_`. NCP refuses a whole request for one recipient at such a domain. */
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/;
const ASCII_DOMAIN = /^[\x21-\x7e]+$/;
/** `domainToASCII` parses a URL: of ASCII it may only see host characters, else it drops tabs, line breaks and paths. */
const INTERNATIONAL_DOMAIN = /^[A-Za-z0-9.\u{80}-\u{10ffff}-]+$/u;
/** `domainToASCII` drops most of these without a word; the two joiners are left to its own rules. */
const INVISIBLE = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/u;

/**
 * The one definition of an address, for bodies, queries, paths, files and what providers list: trims, lower-cases the
 * domain and writes an international domain in Punycode.
 * @returns the normal form, or `undefined` for what is no address that a provider would take (`addressFault` says why).
 */
export function normaliseAddress(input: string): string | undefined {
  const trimmed = input.trim();
  const at = trimmed.lastIndexOf('@');
  if (at <= 0 || at > MAX_LOCAL_LENGTH || trimmed.length > LONGEST_SPELLING) return undefined;
  const local = trimmed.slice(0, at);
  if (!LOCAL_PART.test(local)) return undefined;
  const domain = normaliseDomain(trimmed.slice(at + 1));
  if (domain === undefined) return undefined;
  const address = `${local}@${domain}`;
  return address.length > MAX_ADDRESS_LENGTH ? undefined : address;
}

/** @returns the domain in lower case and Punycode, or `undefined` for what is no domain with at least two labels. */
export function normaliseDomain(input: string): string | undefined {
  const domain = asciiDomain(input);
  return DOMAIN.test(domain) ? domain : undefined;
}

/** Not yet checked; empty for what cannot be written in ASCII. */
export function asciiDomain(domain: string): string {
  if (ASCII_DOMAIN.test(domain)) return domain.toLowerCase();
  if (domain.length > LONGEST_SPELLING || !INTERNATIONAL_DOMAIN.test(domain)) return '';
  return INVISIBLE.test(domain) ? '' : domainToASCII(domain);
}

/** Two addresses that differ only in case are one recipient. */
export const addressKey = (address: string): string => address.toLowerCase();

/**
 * Compares an address with one that a provider spells: by the normal form where it has one, so that a provider may list
 * other cases, blanks or an international domain.
 */
export const isSameAddress = (one: string, other: string): boolean => tolerantKey(one) === tolerantKey(other);

/** A key to compare by, also for a text that is no address. */
export const tolerantKey = (text: string): string => addressKey(normaliseAddress(text) ?? text.trim());

/** The part after the `@`. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
