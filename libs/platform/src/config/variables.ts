import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** A custom issue whose message follows a variable's name and never quotes the value. */
export const refuse = (ctx: z.core.$RefinementCtx<string>, message: string): never => {
  ctx.issues.push({ code: 'custom', message, input: undefined });
  return z.NEVER;
};

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds as a plain whole number (`30000`) or with a unit: `500ms`, `30s`, `5m`, `72h`, `7d`. */
export const durationMs = (minMs = 0, maxMs = 366 * 86_400_000) =>
  z.string().transform((text, ctx): number => {
    const match = /^(\d{1,15})\s*(ms|s|m|h|d)?$/.exec(text.trim());
    if (!match) return refuse(ctx, 'must be milliseconds, or a number with a unit: 30s, 5m, 72h, 7d');
    const value = Number(match[1]) * (unitMs[match[2] ?? 'ms'] ?? 1);
    if (value < minMs || value > maxMs) return refuse(ctx, `must be between ${minMs} and ${maxMs} milliseconds`);
    return value;
  });

/** A whole number within bounds, both included. */
export const wholeNumber = (min: number, max: number) =>
  z.string().transform((text, ctx): number => {
    const value = Number(text.trim());
    if (/^\d{1,15}$/.test(text.trim()) && value >= min && value <= max) return value;
    return refuse(ctx, `must be a whole number between ${min} and ${max}`);
  });

const yes = ['true', '1', 'yes', 'on'];
const no = ['false', '0', 'no', 'off'];

/** `true`, `1`, `yes`, `on` or their opposites, in any case. */
export const flag = () =>
  z.string().transform((text, ctx): boolean => {
    const word = text.trim().toLowerCase();
    if (yes.includes(word)) return true;
    if (no.includes(word)) return false;
    return refuse(ctx, 'must be true or false');
  });

/** An absolute URL of one of the protocols, without a slash at its end. */
export const url = (...protocols: readonly string[]) =>
  z.string().transform((text, ctx): string => {
    const value = text.trim();
    if (isUrl(value, protocols)) return value.replace(/\/+$/, '');
    return refuse(ctx, `must be a URL that begins with ${protocols.map((name) => `${name}://`).join(' or ')}`);
  });

/** Comma-separated URLs, at least one. */
export const urlList = (...protocols: readonly string[]) =>
  z.string().transform((text, ctx): readonly string[] => {
    const values = splitList(text);
    if (values.length > 0 && values.every((value) => isUrl(value, protocols))) return values;
    const names = protocols.map((name) => `${name}://`).join(' or ');
    return refuse(ctx, `must be one or more comma-separated URLs that begin with ${names}`);
  });

/** Comma-separated names of lower-case letters, digits, `-` and `_`, each once. */
export const nameList = () =>
  z.string().transform((text, ctx): readonly string[] => {
    const names = splitList(text).map((name) => name.toLowerCase());
    if (!names.every((name) => /^[a-z0-9][a-z0-9_-]*$/.test(name))) return refuse(ctx, 'must be comma-separated names');
    if (new Set(names).size !== names.length) return refuse(ctx, 'names something twice');
    return names;
  });

/** Comma-separated addresses and networks in CIDR notation. */
export const networkList = () =>
  z.string().transform((text, ctx): readonly string[] => {
    const networks = splitList(text);
    if (networks.every((network) => ipaddr.isValidCIDR(network) || isAddress(network))) return networks;
    return refuse(ctx, 'must be comma-separated addresses or networks like 10.0.0.0/8 or fd00::/8');
  });

const isAddress = (text: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);

/** A secret that travels in a header: visible ASCII without spaces. */
export const secret = (maxLength = 512, minLength = 1) =>
  z.string().transform((text, ctx): string => {
    const value = text.trim();
    const fits = value.length >= minLength && value.length <= maxLength;
    if (fits && /^[\x21-\x7e]+$/.test(value)) return value;
    return refuse(ctx, `must be ${minLength} to ${maxLength} visible ASCII characters without spaces`);
  });

const splitList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const isUrl = (text: string, protocols: readonly string[]): boolean =>
  URL.canParse(text) && protocols.includes(new URL(text).protocol.replace(':', ''));
