import fc from 'fast-check';
import { hostileText, hostileValue } from './hostile-values.js';
import { changedAt, Members, sizeOf, textOf, type Loose } from './json-text.js';

/** One change of a JSON value, as plain data, so that fast-check can shrink a list of them. */
export type JsonMutation =
  | { readonly does: 'replace'; readonly at: number; readonly value: Loose }
  | { readonly does: 'remove' | 'duplicate' | 'nest' | 'nulls'; readonly at: number }
  | { readonly does: 'add' | 'rename'; readonly at: number; readonly name: string; readonly value: Loose }
  | { readonly does: 'repeat'; readonly at: number; readonly times: number };

/** Characters of a repeated list. */
const LONGEST = 16_000_000;

const at = fc.nat({ max: 500 });

export const jsonMutation: fc.Arbitrary<JsonMutation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('replace' as const), at, value: hostileValue }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom('remove' as const, 'duplicate' as const, 'nest' as const, 'nulls' as const),
      at,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom('add' as const, 'rename' as const),
      at,
      name: hostileText,
      value: hostileValue,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('repeat' as const), at, times: fc.constantFrom(2, 12, 101, 1001, 3000) }),
  },
);

export function mutated(value: Loose, mutations: readonly JsonMutation[]): Loose {
  return mutations.reduce((result, mutation) => {
    const place = mutation.at % sizeOf(result);
    return changedAt(result, place, (found) => changed(found, mutation));
  }, value);
}

function changed(value: Loose, mutation: JsonMutation): Loose {
  if (mutation.does === 'replace') return mutation.value;
  if (mutation.does === 'nest') return [value];
  if (value instanceof Members) return new Members(changedPairs(value.pairs, mutation));
  if (Array.isArray(value)) return changedList(value as readonly Loose[], mutation);
  return mutation.does === 'nulls' ? null : value;
}

type Pairs = Members['pairs'];

function changedPairs(pairs: Pairs, mutation: JsonMutation): Pairs {
  const index = pairs.length === 0 ? 0 : mutation.at % pairs.length;
  const chosen = pairs[index];
  if (chosen === undefined) return mutation.does === 'add' ? [[mutation.name, mutation.value]] : pairs;
  switch (mutation.does) {
    case 'nulls':
      return pairs.map(([name]) => [name, null] as const);
    case 'add':
      return [...pairs, [mutation.name, mutation.value]];
    case 'remove':
      return pairs.toSpliced(index, 1);
    case 'duplicate':
      return [...pairs, chosen];
    case 'rename':
      return pairs.toSpliced(index, 1, [mutation.name, chosen[1]]);
    default:
      return pairs;
  }
}

function changedList(list: readonly Loose[], mutation: JsonMutation): readonly Loose[] {
  switch (mutation.does) {
    case 'nulls':
      return list.map(() => null);
    case 'add':
      return [...list, mutation.value];
    case 'remove':
      return list.slice(1);
    case 'duplicate':
      return [...list, ...list];
    case 'repeat':
      // Not of what is large already.
      return sizeOf(list) > 50 || textOf(list).length * mutation.times > LONGEST
        ? list
        : Array.from({ length: mutation.times }, () => list).flat();
    default:
      return list;
  }
}
