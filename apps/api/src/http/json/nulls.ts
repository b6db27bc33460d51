/** A member of this name is the caller's own data: what is in it is kept as it is. */
const KEPT = 'metadata';

/**
 * Takes out the members that are `null`: an optional member without value is absent, as many clients write it. Elements
 * of lists stay, and so does what is in `metadata`. Changes the value in place; without recursion, as a line of a stream
 * may be nested as deeply as it is long.
 */
export function dropNulls(root: unknown): void {
  const open: object[] = isNested(root) ? [root] : [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) for (const element of next.filter(isNested)) open.push(element);
    else clear(next as Record<string, unknown>, open);
  }
}

/** Takes the `null`s out of one object, and opens what is in it. */
function clear(members: Record<string, unknown>, open: object[]): void {
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (isNested(value)) {
      if (name !== KEPT) open.push(value);
    } else if (value === null) delete members[name];
  }
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
