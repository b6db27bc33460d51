import { setImmediate as breathe } from 'node:timers/promises';
import { GatewayProblem } from '@gateway/core';
import { RecipientsFinder, type FoundList } from './recipients-finder.js';
import { parseElements, parseStrict } from './strict-json.js';

/**
 * A body up to `largeBytes` is parsed at once: in about two milliseconds; recipients come in pages of `pageBytes`, which
 * are checked, too, before anybody else has a turn.
 */
const SIZES = { largeBytes: 128 * 1024, pageBytes: 16 * 1024 };
/** Looked through at once; other requests have their turn in between. */
const STEP_BYTES = 1024 * 1024;
const WHAT = 'The body';

/**
 * A JSON message whose `recipients` stay bytes until they are read, page by page: parsing a hundred thousand at once
 * would hold up every other request for a quarter of a second, and all of them as objects would fill the memory.
 */
export class LargeMessage {
  constructor(
    /** Everything but the recipients. */
    readonly members: Record<string, unknown>,
    private readonly body: Buffer,
    private readonly list: FoundList,
  ) {}

  get recipientCount(): number {
    return this.list.count;
  }

  /** Each page begins in a new turn of the event loop. @throws GatewayProblem `malformed_json` where it is none. */
  async *recipients(): AsyncGenerator<readonly unknown[]> {
    const ends = [...this.list.cuts, this.list.to];
    let from = this.list.from + 1;
    let first = 0;
    for (const end of ends) {
      const page = parseElements(this.body.subarray(from, end), WHAT, { pointer: '/recipients', first });
      if (page.length === 0) throw new GatewayProblem('malformed_json', `${WHAT} is not valid JSON.`);
      yield page;
      first += page.length;
      from = end + 1;
      await breathe();
    }
  }
}

/** @returns the message in the body, or `undefined` where parsing it at once is as well. */
export async function readLargeBody(body: Buffer, sizes = SIZES): Promise<LargeMessage | undefined> {
  if (body.length < sizes.largeBytes) return undefined;
  const finder = new RecipientsFinder(body, sizes.pageBytes);
  for (let from = 0; from < body.length; from += STEP_BYTES) {
    finder.look(from, Math.min(body.length, from + STEP_BYTES));
    await breathe();
  }
  const { list } = finder;
  if (list === undefined || list.to - list.from < sizes.largeBytes) return undefined;
  const rest = Buffer.concat([body.subarray(0, list.from), Buffer.from('[]'), body.subarray(list.to + 1)]);
  const { recipients, ...members } = parseStrict(rest, WHAT) as Record<string, unknown>;
  // A second member of this name that is written otherwise, with escapes: JSON's last one counts.
  const isOurs = Array.isArray(recipients) && recipients.length === 0;
  return isOurs ? new LargeMessage(members, body, list) : undefined;
}
