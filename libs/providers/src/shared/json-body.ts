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
  const opening = JSON.stringify(head).slice(0, -1);
  const comma = opening === '{' ? '' : ',';
  yield Buffer.from(`${opening}${comma}${JSON.stringify(member)}:[`);
  for (let at = 0; at < items.length; at += ITEMS_PER_CHUNK) {
    const part = items.slice(at, at + ITEMS_PER_CHUNK).map(write);
    yield Buffer.from((at > 0 ? ',' : '') + JSON.stringify(part).slice(1, -1));
  }
  yield Buffer.from(']}');
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
