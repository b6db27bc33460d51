/** Credentials that no log line may show. Grows when one is replaced at run time; none is ever forgotten. */
export class SecretTexts {
  private known: readonly string[];

  constructor(texts: readonly string[] = []) {
    this.known = [...new Set(texts)];
  }

  /** Another list whenever one was added. */
  get texts(): readonly string[] {
    return this.known;
  }

  add(texts: readonly string[]): void {
    const unknown = texts.filter((text) => !this.known.includes(text));
    if (unknown.length > 0) this.known = [...this.known, ...unknown];
  }
}
