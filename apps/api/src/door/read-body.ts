import { Readable } from 'node:stream';
import type { Share } from './body-budget.js';
import type { Door } from './door.js';
import { paced } from './pace.js';

/** A body as its parser reads it: at the door's pace, and counted while it comes in. */
export function readBody(
  payload: Readable,
  door: Door,
  to: {
    /** For a body that is kept in memory. */
    readonly share?: Share;
    /** After the last piece, before the parser sees the end. */
    readonly atEnd?: () => Promise<void>;
  },
): Readable {
  const { share, atEnd } = to;
  const pieces = whileRoom(paced(piecesOf(payload), door.limits), door);
  const counted = share === undefined ? pieces : growing(pieces, (bytes) => door.growBody(share, bytes));
  const body = Readable.from(atEnd === undefined ? counted : followedBy(counted, atEnd), { objectMode: false });
  // The parser learns what is wrong with it; it may have stopped reading already.
  return body.on('error', () => undefined);
}

/** The rest of an abandoned body is dropped: the next request of the connection comes after it. */
async function* piecesOf(payload: Readable): AsyncGenerator<Buffer> {
  try {
    yield* payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    payload.resume();
  }
}

/** A million recipients take a gigabyte: room that was there for the first ones may be gone before the last. */
async function* whileRoom(body: AsyncIterable<Buffer>, door: Door): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    await door.admitMore();
    yield chunk;
  }
}

async function* growing(body: AsyncIterable<Buffer>, grow: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    grow(chunk.length);
    yield chunk;
  }
}

async function* followedBy(body: AsyncIterable<Buffer>, act: () => Promise<void>): AsyncGenerator<Buffer> {
  yield* body;
  await act();
}
