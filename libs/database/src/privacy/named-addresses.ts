/** The longest that an address can be: a longer word is none, so no word costs more than this. */
const LONGEST = 320;
const LOCAL = /[^\s"'<>(),;:=/?&\\[\]{}@]/;
const DOMAIN = /[a-z0-9.-]/;

/**
 * Is one of the addresses in a text, as a whole word, also in URLs, where `%40` is in place of the `@`? It costs as much as
 * the text is long, whatever the text: a regular expression looks for an `@` from each letter on.
 * @param addresses in lower case
 */
export function namesAny(text: string, addresses: ReadonlySet<string>): boolean {
  const words = text.toLowerCase().replaceAll('%40', '@');
  for (let at = words.indexOf('@'); at >= 0; at = words.indexOf('@', at + 1)) {
    if (addresses.has(wordAround(words, at))) return true;
  }
  return false;
}

function wordAround(words: string, at: number): string {
  let [from, until] = [at, at + 1];
  while (at - from < LONGEST && LOCAL.test(words.charAt(from - 1))) from--;
  while (until - at < LONGEST && DOMAIN.test(words.charAt(until))) until++;
  while (/[.-]/.test(words.charAt(until - 1))) until--;
  return words.slice(from, until);
}
