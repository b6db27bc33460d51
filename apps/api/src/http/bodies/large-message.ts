import { setImmediate as breathe } from 'node:timers/promises';
import { JsonFaults } from '../json/json-faults.js';
import type { FoundList } from '../json/json-scan.js';
import { pagesOf } from '../json/pages.js';
import { parseElements } from './strict-json.js';

/** Recipients that were not parsed yet. */
export interface Unread {
  readonly body: Buffer;
  /** Position of the recipients in it. */
  readonly list: FoundList;
  readonly hasNull: boolean;
}

/**
 * A JSON message whose `recipients` stay bytes until they are read, page by page: parsing a hundred thousand at once
 * would hold up every other request for a quarter of a second, and all of them as objects would fill the memory.
 */
export class LargeMessage {
  constructor(
    /** Everything but the recipients. */
    readonly members: Record<string, unknown>,
    private readonly unread: Unread,
  ) {}

  get recipientCount(): number {
    return this.unread.list.count;
  }

  /** Each page begins in a new turn of the event loop. @throws GatewayProblem `malformed_json` where it is none. */
  async *recipients(): AsyncGenerator<readonly unknown[]> {
    const { body, list, hasNull } = this.unread;
    let first = 0;
    for (const [from, to] of pagesOf(list)) {
      const faults = new JsonFaults('The body');
      const page = parseElements(body.subarray(from, to), 'The body', { name: list.name, first }, { faults, hasNull });
      faults.whole.throwIfAny();
      yield page;
      first += page.length;
      await breathe();
    }
  }
}
