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
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;
const ASCII_DOMAIN = /^[\x21-\x7e]+$/;

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

const asciiDomain = (domain: string): string =>
  ASCII_DOMAIN.test(domain) ? domain.toLowerCase() : domainToASCII(domain);

/** Two addresses that differ only in case are one recipient. */
export const addressKey = (address: string): string => address.toLowerCase();

const ANGLE = /^(.*?)\s*<([^<>]*)>$/s;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/s;

/** Splits `"Kim <kim@example.com>"` or `"kim@example.com"`; the address is not checked here. */
export function splitMailbox(input: string): Mailbox {
  const match = ANGLE.exec(input.trim());
  if (!match) return { address: input };
  const name = (match[1] ?? '').trim();
  const unquoted = QUOTED.exec(name)?.[1]?.replaceAll(/\\(.)/gs, '$1') ?? name;
  const address = match[2] ?? '';
  return unquoted === '' ? { address } : { address, name: unquoted };
}

/** The part after the `@`. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
