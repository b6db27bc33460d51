import {
  cutReserved,
  literalsToHtml,
  parseTemplate,
  UNSUBSCRIBE_LINK,
  UNSUBSCRIBE_URL,
  type Content,
  type Dialect,
  type Token,
} from '@gateway/core';

/** How a provider writes the texts of the templates that it keeps. */
export interface StoredSyntax extends Pick<
  Dialect,
  'variable' | 'reserved' | 'edge' | 'unsubscribeLink' | 'unsubscribeUrl'
> {
  /** Can a variable of the provider have this name? */
  takesName(name: string): boolean;
  /** A run of text that looks like the syntax, so that it comes out as typed; absent: there is no way in a subject. */
  quote?(run: string): string;
}

export interface StoredTexts {
  readonly subject: string;
  readonly body: string;
  /** Why it can't be written so; not empty: the texts are of no use. */
  readonly obstacles: readonly string[];
}

/** Writes a template's texts in the syntax of a provider, which puts every value in as it is. */
export function writeStored({ subject, html, text }: Content, syntax: StoredSyntax): StoredTexts {
  const obstacles: string[] = [];
  const inSubject = new StoredText(syntax, obstacles, 'subject');
  const inBody = new StoredText(syntax, obstacles, 'body');
  const body = html === undefined ? literalsToHtml(parseTemplate(text ?? '')) : parseTemplate(html);
  return { subject: inSubject.write(parseTemplate(subject)), body: inBody.write(body), obstacles };
}

class StoredText {
  constructor(
    private readonly syntax: StoredSyntax,
    private readonly obstacles: string[],
    private readonly place: 'subject' | 'body',
  ) {}

  write(tokens: readonly Token[]): string {
    return tokens
      .map((token, i) =>
        token.kind === 'literal'
          ? this.literal(token.text, { left: i > 0, right: i < tokens.length - 1 })
          : this.variable(token.name),
      )
      .join('');
  }

  private literal(text: string, neighbours: { readonly left: boolean; readonly right: boolean }): string {
    // The syntax holds names of its own beside what cutting text needs.
    const runs = cutReserved(text, { ...this.syntax, unsubscribeLink: '' }, neighbours);
    return runs.map((run) => (run.reserved ? this.reserved(run.text) : run.text)).join('');
  }

  private reserved(run: string): string {
    if (this.syntax.quote !== undefined) return this.syntax.quote(run);
    // In HTML a character reference reads the same.
    if (this.place === 'body') return [...run].map((character) => `&#${character.codePointAt(0)};`).join('');
    this.obstacles.push(`"${run}" in a subject cannot be written there`);
    return run;
  }

  private variable(name: string): string {
    const { syntax } = this;
    if (this.place === 'body' && name === UNSUBSCRIBE_LINK) return syntax.unsubscribeLink;
    if (this.place === 'body' && name === UNSUBSCRIBE_URL) return this.unsubscribeUrl();
    if (!syntax.takesName(name)) this.obstacles.push(`a variable cannot be named "${name}" there`);
    return syntax.variable(name);
  }

  private unsubscribeUrl(): string {
    const { unsubscribeUrl } = this.syntax;
    if (unsubscribeUrl === undefined) this.obstacles.push(`it has no token for {{${UNSUBSCRIBE_URL}}}`);
    return unsubscribeUrl ?? '';
  }
}
