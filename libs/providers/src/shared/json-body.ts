import { setImmediate as breathe } from 'node:timers/promises';

const ITEMS_PER_CHUNK = 500;

/**
 * Writes `{…head, [member]: [items]}` as JSON in chunks of some hundred kilobytes, so that a request to 100,000
 * recipients neither becomes one giant string nor is copied to be joined. The bytes are those of one `JSON.stringify`.
 */
export function* jsonBody<T>(
  head: object,
  member: string,
  items: readonly T[],
  write: (item: T) => object,
): Generator<Buffer> {
  const members = JSON.stringify(head).slice(0, -1);
  const comma = members === '{' ? '' : ',';
  let before = `${members}${comma}${JSON.stringify(member)}:[`;
  let at = 0;
  // A mail to a few is one chunk: with its headers, one packet.
  do {
    const part = items.slice(at, at + ITEMS_PER_CHUNK).map(write);
    at += ITEMS_PER_CHUNK;
    yield Buffer.from(before + JSON.stringify(part).slice(1, -1) + (at < items.length ? '' : ']}'));
    before = ',';
  } while (at < items.length);
}

/** All chunks, each made in a turn of its own of the event loop: other mails go out meanwhile. */
export async function inTurns(chunks: Iterable<Buffer>): Promise<Buffer[]> {
  const made: Buffer[] = [];
  for (const chunk of chunks) {
    made.push(chunk);
    await breathe();
  }
  return made;
}
