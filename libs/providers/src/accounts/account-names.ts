import type { ConfigFault } from '@gateway/platform';

/** Part of queue names, metric labels, URLs and tables. */
const NAME = /^[a-z0-9]+(?:[-_][a-z0-9]+)*$/;
const LONGEST = 40;

/** Words that messages and routes use in place of an account's name, and a name that every object has. */
const RESERVED: ReadonlySet<string> = new Set(['auto', 'next', 'none', 'constructor']);

/** `ncp-marketing` as its variables spell it: `NCP_MARKETING`. */
export const inVariables = (name: string): string => name.toUpperCase().replaceAll('-', '_');

export interface AccountNames {
  /** In the order in which they were given; usable ones only. `undefined`: the environment names none. */
  readonly names: readonly string[] | undefined;
  readonly faults: readonly ConfigFault[];
}

/** Reads `ACCOUNTS`. A faulty entry is reported by its place, as it may be anything. */
export function readAccountNames(text: string | undefined): AccountNames {
  if (text === undefined) return { names: undefined, faults: [] };
  const entries = text.split(',').map((entry) => entry.trim().toLowerCase());
  const names: string[] = [];
  const faults: ConfigFault[] = [];
  for (const [i, name] of entries.entries()) {
    const problem = problemOf(name, names);
    if (problem === undefined) names.push(name);
    else faults.push({ variable: 'ACCOUNTS', problem: `entry ${i + 1} ${problem}` });
  }
  return { names, faults };
}

function problemOf(name: string, before: readonly string[]): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > LONGEST) return `must be at most ${LONGEST} characters (is ${name.length})`;
  if (!NAME.test(name)) return 'must be letters and digits, in parts joined by "-" or "_"';
  if (RESERVED.has(name)) return `cannot be the name of an account: "${name}" has a meaning of its own`;
  const twin = before.findIndex((other) => inVariables(other) === inVariables(name));
  if (twin >= 0) return `is the same name as entry ${twin + 1}: case, "-" and "_" make no difference`;
  return undefined;
}
