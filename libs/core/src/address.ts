import { domainToASCII } from 'node:url';

/** An address as the caller wrote it (string or object), normalised. */
export interface Mailbox {
  readonly address: string;
  readonly name?: string;
}

export const MAX_ADDRESS_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
// RFC 5322 dot-atom; quoted local parts are refused: neither provider documents them.
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/;
const ASCII_DOMAIN = /^[\x21-\x7e]+$/;
// `domainToASCII` parses a URL: of ASCII it may only see host characters, else it drops tabs, line breaks and paths.
const INTERNATIONAL_DOMAIN = /^[A-Za-z0-9._\u{80}-\u{10ffff}-]+$/u;

/**
 * Trims, lower-cases the domain and writes an international domain in Punycode.
 * @returns the normal form, or `undefined` when it is no address that a provider would take.
 */
export function normaliseAddress(input: string): string | undefined {
  const trimmed = input.trim();
  const at = trimmed.lastIndexOf('@');
  if (at <= 0 || trimmed.length > MAX_ADDRESS_LENGTH) return undefined;
  const local = trimmed.slice(0, at);
  if (local.length > MAX_LOCAL_LENGTH || !LOCAL_PART.test(local)) return undefined;
  const domain = asciiDomain(trimmed.slice(at + 1));
  if (!DOMAIN.test(domain)) return undefined;
  const address = `${local}@${domain}`;
  return address.length > MAX_ADDRESS_LENGTH ? undefined : address;
}

function asciiDomain(domain: string): string {
  if (ASCII_DOMAIN.test(domain)) return domain.toLowerCase();
  return INTERNATIONAL_DOMAIN.test(domain) ? domainToASCII(domain) : '';
}

/** Two addresses that differ only in case are one recipient. */
export const addressKey = (address: string): string => address.toLowerCase();

/**
 * Splits `"Kim <kim@example.com>"` or `"kim@example.com"`; the address is not checked here. Written without regular
 * expressions that could go back: a hostile string of any length takes linear time.
 */
export function splitMailbox(input: string): Mailbox {
  const trimmed = input.trim();
  const open = trimmed.lastIndexOf('<');
  const close = trimmed.indexOf('>', open);
  if (open < 0 || close !== trimmed.length - 1) return { address: input };
  const name = unquote(trimmed.slice(0, open).trim());
  const address = trimmed.slice(open + 1, -1);
  return name === '' ? { address } : { address, name };
}

const ESCAPED = /\\(.)/gs;
const UNESCAPED = /["\\]/;

/** The text of an RFC 5322 quoted string; anything else stays as it is. */
function unquote(name: string): string {
  if (name.length < 2 || !name.startsWith('"') || !name.endsWith('"')) return name;
  const inner = name.slice(1, -1);
  return UNESCAPED.test(inner.replaceAll(ESCAPED, '')) ? name : inner.replaceAll(ESCAPED, '$1');
}

/** The part after the `@`. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
