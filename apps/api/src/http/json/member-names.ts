/** An object with more names has a set of them. */
const FEW = 16;
const SPREAD = 31;

/** A name as it is written in the text, without its quotes. */
export interface WrittenName {
  readonly from: number;
  readonly to: number;
  readonly hash: number;
  /** Some of its letters may be written as escapes: `"t\u006f"` is `"to"`. */
  readonly escaped: boolean;
}

export const hashOf = (hash: number, byte: number): number => (Math.imul(hash, SPREAD) + byte) | 0;

/**
 * Names of the members of the objects that are open, to find one that is given twice: JSON's last one would count, and
 * the first be lost without a word. Time and memory grow with the number of names, whatever they are: few are compared
 * by a hash of their bytes, which costs next to nothing; many, and escaped ones, by a set of texts.
 */
export class MemberNames {
  private readonly names: WrittenName[] = [];
  private readonly sets: (Set<string> | undefined)[] = [];
  /** By depth: the first of the object's names. */
  private readonly first: number[] = [];

  constructor(private readonly body: Buffer) {}

  open(depth: number): void {
    this.first[depth] = this.names.length;
  }

  close(depth: number): void {
    this.names.length = this.first[depth] ?? 0;
    this.sets[depth] = undefined;
  }

  /** @returns whether the object at `depth` had the name already. */
  add(depth: number, name: WrittenName): boolean {
    const first = this.first[depth] ?? 0;
    if (this.sets[depth] !== undefined || name.escaped || this.names.length - first >= FEW) {
      return this.addToSet(depth, name);
    }
    for (let i = first; i < this.names.length; i += 1) {
      const other = this.names[i];
      if (other?.hash === name.hash && this.isSame(other, name)) return true;
    }
    this.names.push(name);
    return false;
  }

  private addToSet(depth: number, name: WrittenName): boolean {
    const set = this.sets[depth] ?? new Set(this.names.slice(this.first[depth]).map((each) => this.textOf(each)));
    this.sets[depth] = set;
    const { size } = set;
    return set.add(this.textOf(name)).size === size;
  }

  private isSame(a: WrittenName, b: WrittenName): boolean {
    return this.body.compare(this.body, b.from, b.to, a.from, a.to) === 0;
  }

  /** A character for each byte: half as dear as reading them as UTF-8. */
  private textOf({ from, to, escaped }: WrittenName): string {
    if (!escaped) return this.body.toString('latin1', from, to);
    try {
      return Buffer.from(String(JSON.parse(`"${this.body.toString('utf8', from, to)}"`))).toString('latin1');
    } catch {
      return this.body.toString('latin1', from, to);
    }
  }
}

const [QUOTE, COLON] = [0x22, ':'];

/**
 * Can no object of these values have been given a member twice? A cheap look at the text they were parsed from: each
 * member has a colon after a quote. Sometimes wrong, where a text holds one, too; never where a member is lost.
 */
export function hasEveryMember(text: string, values: readonly unknown[]): boolean {
  let written = 0;
  for (let at = text.indexOf(COLON); at >= 0; at = text.indexOf(COLON, at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) <= 0x20) before -= 1;
    if (text.charCodeAt(before) === QUOTE) written += 1;
  }
  return written === countMembers(values);
}

function countMembers(values: readonly unknown[]): number {
  let count = 0;
  const open: unknown[] = [values];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const list = Array.isArray(next) ? next : Object.values(next as object);
    if (list !== next) count += list.length;
    for (const value of list) if (typeof value === 'object' && value !== null) open.push(value);
  }
  return count;
}
