import { setImmediate as breathe } from 'node:timers/promises';
import { LargeMessage, type Unread } from '../bodies/large-message.js';
import { parseElements, parseScanned, type Scanned } from '../bodies/strict-json.js';
import { JsonFaults } from './json-faults.js';
import { JsonScan, type FoundList } from './json-scan.js';
import { pagesOf } from './pages.js';

/**
 * A body up to `largeBytes` is parsed at once: in about two milliseconds; lists come in pages of `pageBytes`, each in a
 * turn of its own.
 */
const SIZES = { largeBytes: 128 * 1024, pageBytes: 16 * 1024 };
/** Looked through at once, in at most 20 ms; other requests have their turn in between. */
const STEP_BYTES = 128 * 1024;
const WHAT = 'The body';
const RECIPIENTS = 'recipients';

export interface JsonRules {
  /** Lists whose elements are accepted or refused one by one; `faultsIn` returns the faults of an element's text. */
  readonly entries?: readonly string[];
  /** May `recipients` stay bytes until they are read? Then the result may be a `LargeMessage`. */
  readonly takesLargeMessage?: boolean;
}

/**
 * Reads a JSON body without holding up others: looked through in steps, and parsed list by list, page by page. Members
 * that are `null` are absent. Changes the bytes where they are nested too deeply.
 * @throws GatewayProblem `malformed_json`, or `validation_failed` with what can't be kept as it is.
 */
export async function readJson(body: Buffer, rules: JsonRules = {}, sizes = SIZES): Promise<unknown> {
  const faults = new JsonFaults(WHAT, rules.entries);
  const scan = await scanned(body, faults, sizes.pageBytes);
  // Parsing it would take too long, or lose a part of it.
  if (scan.hasTooManyValues || faults.whole.isMalformed) faults.whole.throwIfAny();
  const known: Scanned = { faults, hasNull: scan.hasNull };
  const long = scan.lists.filter(({ from, to }) => to - from >= sizes.largeBytes);
  if (long.length === 0) return settled(parseScanned(body, WHAT, known), faults);
  const value = parseScanned(withoutLists(body, long), WHAT, known) as Record<string, unknown>;
  const unread = rules.takesLargeMessage === true ? long.find(({ name }) => name === RECIPIENTS) : undefined;
  for (const list of long) if (list !== unread) value[list.name] = await readList(body, list, known);
  return unread === undefined ? settled(value, faults) : largeMessage(value, { body, list: unread, ...known });
}

async function scanned(body: Buffer, faults: JsonFaults, pageBytes: number): Promise<JsonScan> {
  const scan = new JsonScan(body, faults, { pageBytes });
  for (let from = 0; from < body.length; from += STEP_BYTES) {
    if (from > 0) await breathe();
    scan.look(from, Math.min(body.length, from + STEP_BYTES));
  }
  scan.blank(WHAT);
  return scan;
}

function largeMessage(value: Record<string, unknown>, { body, list, ...known }: Unread & Scanned): LargeMessage {
  const { [RECIPIENTS]: _, ...members } = value;
  known.faults.settle(members);
  return new LargeMessage(members, { body, list, hasNull: known.hasNull });
}

function settled(value: unknown, faults: JsonFaults): unknown {
  faults.settle(value);
  return value;
}

async function readList(body: Buffer, list: FoundList, known: Scanned): Promise<unknown[]> {
  const elements: unknown[] = [];
  for (const [from, to] of pagesOf(list)) {
    const at = { name: list.name, first: elements.length };
    for (const element of parseElements(body.subarray(from, to), WHAT, at, known)) elements.push(element);
    await breathe();
  }
  return elements;
}

/** The body with empty lists in place of the long ones. */
function withoutLists(body: Buffer, lists: readonly FoundList[]): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { from, to } of lists) {
    pieces.push(body.subarray(at, from + 1));
    at = to;
  }
  return Buffer.concat([...pieces, body.subarray(at)]);
}
