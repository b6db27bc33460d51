/** JSON text that no serialiser would write. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An object whose members may occur more than once. */
export class Members {
  readonly pairs: readonly (readonly [name: string, value: Loose])[];

  constructor(pairs: readonly (readonly [name: string, value: Loose])[]) {
    this.pairs = pairs;
  }
}

/** JSON with more in it than JSON. */
export type Loose = null | boolean | number | string | Raw | Members | readonly Loose[];

/** A parsed JSON value, with its members in order, so that a name like `__proto__` is only a name. */
export function loose(value: unknown): Loose {
  if (Array.isArray(value)) return value.map(loose);
  if (typeof value === 'object' && value !== null) {
    return new Members(Object.entries(value).map(([name, member]) => [name, loose(member)] as const));
  }
  return value as Loose;
}

export function textOf(value: Loose): string {
  if (value instanceof Raw) return value.text;
  if (value instanceof Members) {
    return `{${value.pairs.map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`).join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  return JSON.stringify(value);
}

/** The number of values in a value, itself included. */
export function sizeOf(value: Loose): number {
  if (value instanceof Members) return value.pairs.reduce((sum, [, member]) => sum + sizeOf(member), 1);
  if (Array.isArray(value)) return value.reduce<number>((sum, member: Loose) => sum + sizeOf(member), 1);
  return 1;
}

/** A value with the one at a place, counted from the outside in, replaced by what `change` makes of it. */
export function changedAt(value: Loose, place: number, change: (value: Loose) => Loose): Loose {
  if (place === 0) return change(value);
  let at = 1;
  const inside = (member: Loose): Loose => {
    const size = sizeOf(member);
    const here = place >= at && place < at + size;
    const changed = here ? changedAt(member, place - at, change) : member;
    at += size;
    return changed;
  };
  if (value instanceof Members)
    return new Members(value.pairs.map(([name, member]) => [name, inside(member)] as const));
  if (Array.isArray(value)) return value.map(inside);
  return value;
}
