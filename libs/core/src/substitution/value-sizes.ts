import type { Recipient, Variables } from '../message.js';
import { encodeValue, type Encoding, type ParsedContent, type Part } from './parts.js';

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Follows the longest value of each variable over all recipients, so that the size of the largest mail is known
 * without keeping the recipients.
 */
export class ValueSizes {
  private readonly uses: ReadonlyMap<string, readonly Use[]>;
  private readonly all: readonly Use[];
  private readonly literalBytes: number;
  private readonly defaultBytes: number;

  constructor(content: ParsedContent, defaults: Variables) {
    this.literalBytes = content.body.reduce((sum, p) => sum + (p.kind === 'literal' ? bytesOf(p.text) : 0), 0);
    this.uses = usesOf(content.body);
    this.all = [...this.uses.values()].flat();
    this.add(defaults);
    this.defaultBytes = this.bodyBytes;
    for (const use of this.all) use.byDefault = use.longest;
  }

  /** Takes one recipient's own values into account; costs as much as there are values, whatever the texts use. */
  add(values: Variables | undefined, whose?: Recipient): void {
    if (values === undefined) return;
    for (const name of Object.keys(values)) {
      for (const use of this.uses.get(name) ?? []) measure(use, values[name] ?? '', whose);
    }
  }

  /** Upper bound for the body of a mail after substitution, in bytes, without what the provider adds. */
  get bodyBytes(): number {
    return this.all.reduce((sum, { times, longest }) => sum + times * longest, this.literalBytes);
  }

  /**
   * The recipient's value that makes the longest body larger than `limit`, or the greatest of several.
   * @returns nothing where the texts are too large by themselves, or with the message's own values.
   */
  culprit(limit: number): ValueOfRecipient | undefined {
    if (this.defaultBytes > limit || this.bodyBytes <= limit) return undefined;
    const growth = ({ times, longest, byDefault }: Use): number => times * (longest - byDefault);
    const { whose, name, longest } = this.all.reduce((most, use) => (growth(use) > growth(most) ? use : most));
    return whose && { recipient: whose, name, bytes: longest };
  }
}

/** A value of a recipient, and its size in a body. */
export interface ValueOfRecipient {
  readonly recipient: Recipient;
  readonly name: string;
  readonly bytes: number;
}

interface Use {
  readonly name: string;
  readonly encoding: Encoding;
  /** The recipient with the longest value; none: the message's own value is the longest. */
  whose?: Recipient | undefined;
  /** Bytes of the message's own value. */
  byDefault: number;
  times: number;
  /** Bytes of the longest value so far, encoded. */
  longest: number;
}

/**
 * Most bytes that a UTF-16 unit can become, by encoding: three in UTF-8, the six of `&quot;`, or a tab as four times
 * `&nbsp;`. So most values need not be encoded to know that they are shorter.
 */
const MOST_BYTES_A_UNIT: Readonly<Record<Encoding, number>> = { verbatim: 3, html: 6, text: 24 };

function measure(use: Use, value: string, whose: Recipient | undefined): void {
  if (value.length * MOST_BYTES_A_UNIT[use.encoding] <= use.longest) return;
  const bytes = bytesOf(encodeValue(value, use.encoding));
  if (bytes <= use.longest) return;
  [use.longest, use.whose] = [bytes, whose];
}

function usesOf(parts: readonly Part[]): ReadonlyMap<string, readonly Use[]> {
  const byName = new Map<string, Use[]>();
  for (const p of parts) {
    if (p.kind !== 'variable') continue;
    const uses = byName.get(p.name) ?? [];
    byName.set(p.name, uses);
    const use = uses.find(({ encoding }) => encoding === p.encoding);
    if (use) use.times += 1;
    else uses.push({ name: p.name, encoding: p.encoding, times: 1, longest: 0, byDefault: 0 });
  }
  return byName;
}
