// RFC 5322 atext and the dot, or beyond ASCII. No quote and no backslash: JSON text stays valid.
const localCharacter = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-\u0080-\uffff]/;
const domain = /(?:[A-Za-z0-9\-\u0080-\uffff]{1,63}\.){1,10}[A-Za-z\u0080-\uffff][A-Za-z0-9\-\u0080-\uffff]{1,62}/y;
const quotedLocal = /\\"(?:[^"\\]|\\\\.){1,255}\\"(?=@)/g;
const LONGEST_LOCAL = 256;

/**
 * `kim@example.com` → `k***@example.com`, anywhere in a text or in JSON text, also percent-encoded. Takes linear time:
 * it looks at most a fixed distance to both sides of each `@`.
 */
export const maskAddresses = (text: string): string => {
  if (!text.includes('@') && !text.includes('%40')) return text;
  return maskPlain(text.includes('\\"@') ? text.replace(quotedLocal, '(***)') : text);
};

const maskPlain = (text: string): string => {
  let masked = '';
  let done = 0;
  for (const { index, 0: at } of text.matchAll(/@|%40/g)) {
    const start = localStart(text, index, done);
    if (start === index || !hasDomain(text, index + at.length)) continue;
    const first = String.fromCodePoint(text.codePointAt(start) ?? 0);
    masked += `${text.slice(done, start)}${first}***`;
    done = index;
  }
  return masked + text.slice(done);
};

const localStart = (text: string, end: number, from: number): number => {
  let start = end;
  const lowest = Math.max(from, end - LONGEST_LOCAL);
  while (start > lowest && localCharacter.test(text.charAt(start - 1))) start -= 1;
  return Math.min(end, start + escapeRest(text, start));
};

// Letters behind a backslash belong to an escape of the JSON text, not to the address: `\n`, `\u001f`.
const escapeRest = (text: string, start: number): number => {
  if (text.charAt(start - 1) !== '\\') return 0;
  return text.charAt(start) === 'u' ? 5 : 1;
};

const hasDomain = (text: string, index: number): boolean => {
  domain.lastIndex = index;
  return domain.test(text);
};
