import type { Variables } from '../message.js';
import { encodeValue, type Encoding, type ParsedContent, type Part } from './compile.js';

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Follows the longest value of each variable over all recipients, so that the size of the largest mail is known
 * without keeping the recipients.
 */
export class ValueSizes {
  private readonly uses: readonly { readonly name: string; readonly encoding: Encoding; readonly times: number }[];
  private readonly longest = new Map<string, number>();
  private readonly literalBytes: number;

  constructor(content: ParsedContent, defaults: Variables) {
    this.literalBytes = content.body.reduce((sum, p) => sum + (p.kind === 'literal' ? bytesOf(p.text) : 0), 0);
    this.uses = countUses(content.body);
    this.add(defaults);
  }

  /** Takes one recipient's own values into account. */
  add(values: Variables | undefined): void {
    if (values === undefined) return;
    for (const { name, encoding } of this.uses) {
      const value = values[name];
      if (value === undefined) continue;
      const id = `${encoding} ${name}`;
      const known = this.longest.get(id) ?? 0;
      // A value grows at most sixfold by escaping, so most values need not be encoded to know that they are shorter.
      if (value.length * 18 <= known) continue;
      const bytes = bytesOf(encodeValue(value, encoding));
      if (bytes > known) this.longest.set(id, bytes);
    }
  }

  /** Upper bound for the body of a mail after substitution, in bytes, without what the provider adds. */
  get bodyBytes(): number {
    const of = (name: string, encoding: Encoding): number => this.longest.get(`${encoding} ${name}`) ?? 0;
    return this.uses.reduce((sum, use) => sum + use.times * of(use.name, use.encoding), this.literalBytes);
  }
}

function countUses(parts: readonly Part[]): { name: string; encoding: Encoding; times: number }[] {
  const uses = new Map<string, { name: string; encoding: Encoding; times: number }>();
  for (const p of parts) {
    if (p.kind !== 'variable') continue;
    const id = `${p.encoding} ${p.name}`;
    const use = uses.get(id) ?? { name: p.name, encoding: p.encoding, times: 0 };
    uses.set(id, { ...use, times: use.times + 1 });
  }
  return [...uses.values()];
}
