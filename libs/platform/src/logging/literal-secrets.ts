import { REDACTED } from './redacted.js';

/** A shorter text is found in words and numbers that have nothing to do with it. */
export const UNMISTAKABLE_LENGTH = 8;
/** The same for a text of small letters only, or of digits only: `messages` and `20261129` are eight long. */
const UNMISTAKABLE_IN_ONE_ALPHABET = 16;
const FEWEST_CHARACTERS = 4;
const ONE_ALPHABET = /^(?:[a-z]+|[A-Z]+|\d+)$/;

/** Is this text so unlikely to occur in a line by accident that it can be masked wherever it occurs? */
export const isUnmistakable = (secret: string): boolean =>
  secret.length >= (ONE_ALPHABET.test(secret) ? UNMISTAKABLE_IN_ONE_ALPHABET : UNMISTAKABLE_LENGTH) &&
  new Set(secret).size >= FEWEST_CHARACTERS;

/** Takes the given secrets out of a text. */
export type TakeOut = (text: string) => string;

/**
 * Finds secrets by their own characters, also URL-encoded, in Base64 and with the escapes of JSON. A secret that could
 * occur in any text by accident is masked only where it is a value by itself: as the whole text, in quotes, or after
 * `=`.
 */
export function literalSecrets(secrets: readonly string[]): TakeOut {
  const given = [...new Set(secrets)].filter((secret) => secret !== '');
  const anywhere = given.filter(isUnmistakable).flatMap(formsOf);
  const alone = new Set(given.filter((secret) => !isUnmistakable(secret)).flatMap(wholeForms));
  const forms = anywhere.length === 0 ? undefined : alternatives(anywhere, 'g');
  const values =
    alone.size === 0 ? undefined : alternatives([...alone], 'g', String.raw`(?<=[="'])`, String.raw`(?=$|["'&,;\s])`);
  return (text) => {
    if (alone.has(text)) return REDACTED;
    const without = forms === undefined || text.length < UNMISTAKABLE_LENGTH ? text : text.replace(forms, REDACTED);
    return values === undefined ? without : without.replace(values, REDACTED);
  };
}

/** The longest first: one form may be the beginning of another. */
function alternatives(texts: readonly string[], flags: string, before = '', after = ''): RegExp {
  const sorted = [...new Set(texts)].sort((a, b) => b.length - a.length);
  return new RegExp(`${before}(?:${sorted.map(literal).join('|')})${after}`, flags);
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/** How a text is written where it is all that is written. */
function wholeForms(secret: string): string[] {
  const percent = encodeURIComponent(secret.toWellFormed());
  const small = percent.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase());
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, percent, small, json, JSON.stringify(json).slice(1, -1)];
}

const formsOf = (secret: string): string[] => [
  ...wholeForms(secret),
  ...[0, 1, 2].flatMap((offset) => base64At(secret, offset)),
];

/** The Base64 characters that depend on this text alone when it starts `offset` bytes after a multiple of three. */
function base64At(secret: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  const text = bytes.toString('base64').slice(first, last);
  if (text.length < UNMISTAKABLE_LENGTH) return [];
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
}
