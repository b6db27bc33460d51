import type { Dialect } from './dialect.js';

const WORDS = /[A-Za-z0-9_]+/g;
const wordsOf = (text: string): readonly string[] => text.match(WORDS) ?? [];

/**
 * Hands out the keys of a request's parameters: readable, each once, none that the caller's text spells (so that it
 * does not matter in which order the provider substitutes) and none that is a token of the provider's own. Takes time
 * in proportion to the text, however hostile its names are.
 */
export class Keys {
  private readonly byId = new Map<string, string>();
  private readonly lastNumber = new Map<string, number>();
  private taken: Set<string> | undefined;
  private readonly vendorWords: readonly string[];

  constructor(
    private readonly texts: readonly string[],
    dialect: Dialect,
  ) {
    this.vendorWords = [dialect.unsubscribeLink, dialect.unsubscribeUrl ?? '', dialect.unsubscribeFooter ?? ''].flatMap(
      (token) => wordsOf(token).filter((word) => token.includes(dialect.variable(word))),
    );
  }

  /** The key that this id was given before, if any. */
  known(id: string): string | undefined {
    return this.byId.get(id);
  }

  /** A new key that looks like `name`; characters other than `[A-Za-z0-9_]` are replaced. */
  create(id: string, name: string, suffix = ''): string {
    this.taken ??= new Set(this.texts.flatMap(wordsOf));
    const readable = this.readable(name) + suffix;
    let number = this.lastNumber.get(readable) ?? 0;
    let key: string;
    do {
      number += 1;
      key = number === 1 ? readable : `${readable}_${number}`;
    } while (this.taken.has(key));
    this.lastNumber.set(readable, number);
    this.taken.add(key);
    this.byId.set(id, key);
    return key;
  }

  /** Begins with a letter (so it is never `__proto__`), and is never a word of the provider's own such as the name of its unsubscribe token. */
  private readable(name: string): string {
    const plain = name.replaceAll(/[^A-Za-z0-9_]+/g, '_').replaceAll(/^_+|_+$/g, '');
    if (plain === '' || this.vendorWords.some((word) => plain.includes(word))) return 'v';
    return /^[0-9]/.test(plain) ? `v${plain}` : plain;
  }
}
