import type { Variables } from '../message.js';
import { encodeValue, type Encoding, type ParsedContent, type Part } from './compile.js';

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Follows the longest value of each variable over all recipients, so that the size of the largest mail is known
 * without keeping the recipients.
 */
export class ValueSizes {
  private readonly uses: ReadonlyMap<string, readonly Use[]>;
  private readonly literalBytes: number;

  constructor(content: ParsedContent, defaults: Variables) {
    this.literalBytes = content.body.reduce((sum, p) => sum + (p.kind === 'literal' ? bytesOf(p.text) : 0), 0);
    this.uses = usesOf(content.body);
    this.add(defaults);
  }

  /** Takes one recipient's own values into account; costs as much as there are values, whatever the texts use. */
  add(values: Variables | undefined): void {
    if (values === undefined) return;
    for (const name of Object.keys(values)) {
      for (const use of this.uses.get(name) ?? []) measure(use, values[name] ?? '');
    }
  }

  /** Upper bound for the body of a mail after substitution, in bytes, without what the provider adds. */
  get bodyBytes(): number {
    const uses = [...this.uses.values()].flat();
    return uses.reduce((sum, { times, longest }) => sum + times * longest, this.literalBytes);
  }
}

interface Use {
  readonly encoding: Encoding;
  times: number;
  /** Bytes of the longest value so far, encoded. */
  longest: number;
}

/**
 * What a UTF-16 unit can grow to: `"` becomes the six bytes of `&quot;`, a line break five, everything else at most
 * three. So most values need not be encoded to know that they are shorter.
 */
const MOST_BYTES_A_UNIT = 6;

function measure(use: Use, value: string): void {
  if (value.length * MOST_BYTES_A_UNIT <= use.longest) return;
  use.longest = Math.max(use.longest, bytesOf(encodeValue(value, use.encoding)));
}

function usesOf(parts: readonly Part[]): ReadonlyMap<string, readonly Use[]> {
  const byName = new Map<string, Use[]>();
  for (const p of parts) {
    if (p.kind !== 'variable') continue;
    const uses = byName.get(p.name) ?? [];
    byName.set(p.name, uses);
    const use = uses.find(({ encoding }) => encoding === p.encoding);
    if (use) use.times += 1;
    else uses.push({ encoding: p.encoding, times: 1, longest: 0 });
  }
  return byName;
}
