import { literalSecrets, type TakeOut } from './literal-secrets.js';
import { REDACTED } from './redacted.js';
import { isSecretName } from './secret-names.js';

// Lengths are bounded where a repetition begins at any character, so that long texts take linear time.
const authorization = /(\bauthorization["']?\s{0,5}[:=]\s{0,5}["']?)(?:[A-Za-z-]{1,20} +)?[^\s"',;]+/gi;
const cookie = /(\b(?:set-)?cookie["']?\s{0,5}[:=]\s{0,5})[^\r\n"]+/gi;
const scheme = /\b(Bearer|Basic) +([\w.~+/=-]{6,})/gi;
const gatewayKey = /(?<![A-Za-z0-9])gk_[\w-]{16,}/g;
const keyInPath = /(\/app-?keys?\/)[^/?#\s"'\\]+/gi;
const urlPassword = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^:@/\s"'\\]{0,256}):[^/\s"'\\]{1,512}@/gi;
/** JSON within a text, its quotes escaped or not. */
const quoted = /([A-Za-z][\w-]{1,60})(\\*["']\s{0,5}:\s{0,5})(\\*["'])(.{1,1000}?)\3/g;
const named = /([A-Za-z][\w-]{1,60})(\\*["']?\s{0,5}([:=])\s{0,5}\\*["']?)([^\s"'\\&,;<>(){}[\]]+)/g;

/** `Basic authentication` and `bearer of` are words; a credential has digits or capitals within, or is long. */
const isCredential = (text: string): boolean => /\d|[a-z][A-Z]|[=/+_]/.test(text) || text.length >= 20;

/** `unexpected token: x` is a sentence; `token=x` and `"token": "x"` are credentials, and so is `x-auth-token: x`. */
const isGiven = (name: string, between: string): boolean => /["'=]/.test(between) || /[-_]|[a-z][A-Z]/.test(name);

/** Takes credentials out of texts: known ones by their characters, others by how they are written. */
export function textRedactor(secrets: readonly string[] = []): TakeOut {
  const takeOut = literalSecrets(secrets);
  return (text) => redactForms(takeOut(text));
}

/** Most texts of a log are ids and words: each form is looked for only where its sign is. */
function redactForms(text: string): string {
  let clean = text;
  if (clean.includes('gk_')) clean = clean.replace(gatewayKey, `gk_${REDACTED}`);
  if (clean.includes('/')) clean = clean.replace(keyInPath, `$1${REDACTED}`);
  if (clean.includes('://')) clean = clean.replace(urlPassword, `$1:${REDACTED}@`);
  if (/[:=]/.test(clean)) clean = redactNamed(clean);
  return clean.replace(scheme, (all, word: string, credential: string) =>
    isCredential(credential) ? `${word} ${REDACTED}` : all,
  );
}

function redactNamed(text: string): string {
  return text
    .replace(authorization, `$1${REDACTED}`)
    .replace(cookie, `$1${REDACTED}`)
    .replace(quoted, (all, name: string, between: string, quote: string) =>
      isSecretName(name) ? `${name}${between}${quote}${REDACTED}${quote}` : all,
    )
    .replace(named, (all, name: string, between: string) =>
      isSecretName(name) && isGiven(name, between) ? `${name}${between}${REDACTED}` : all,
    );
}

/** The same for one text, such as the words of an error that end a program. */
export const redactSecrets = (text: string, secrets: readonly string[] = []): string => textRedactor(secrets)(text);
