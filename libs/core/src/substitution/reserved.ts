import type { Dialect } from './dialect.js';

/** A piece of literal text; `reserved` pieces must be handed over as the value of a variable. */
export interface Run {
  readonly text: string;
  readonly reserved: boolean;
}

/** Is there a variable or a token of the provider before and after the text? */
export interface Neighbours {
  readonly left: boolean;
  readonly right: boolean;
}

/**
 * Cuts literal text at what the provider could take for its own syntax. `edge` characters next to a variable, also
 * next to one that takes the place of a reserved run, become part of that run.
 */
export function cutReserved(text: string, dialect: Dialect, neighbours: Neighbours): readonly Run[] {
  const cut = new Cut(text, dialect.edge);
  if (neighbours.left) cut.reserve(0, 0);
  for (const match of text.matchAll(dialect.reserved)) cut.reserve(match.index, match.index + match[0].length);
  if (neighbours.right) cut.reserve(text.length, text.length);
  return cut.finish();
}

class Cut {
  private readonly runs: Run[] = [];
  private done = 0;

  constructor(
    private readonly text: string,
    private readonly edge: RegExp | undefined,
  ) {}

  /** Reserves a range and the edge characters around it; ranges come in ascending order. */
  reserve(from: number, to: number): void {
    let start = Math.max(from, this.done);
    let end = Math.max(to, this.done);
    while (start > this.done && this.isEdge(start - 1)) start -= 1;
    while (end < this.text.length && this.isEdge(end)) end += 1;
    this.push(this.done, start, false);
    this.push(start, end, true);
    this.done = end;
  }

  finish(): readonly Run[] {
    this.push(this.done, this.text.length, false);
    return this.runs;
  }

  private push(from: number, to: number, reserved: boolean): void {
    if (to > from) this.runs.push({ text: this.text.slice(from, to), reserved });
  }

  private isEdge(at: number): boolean {
    return this.edge !== undefined && this.text.charAt(at).search(this.edge) === 0;
  }
}
