/** How many characters Base64 takes for so many bytes. */
export const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4;

/** Base64 piece by piece: the same as of the whole. */
export async function* base64Of(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    // Only threes of bytes are written without padding.
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.subarray(whole);
    if (whole > 0) yield Buffer.from(bytes.toString('base64', 0, whole), 'latin1');
  }
  if (rest.length > 0) yield Buffer.from(rest.toString('base64'), 'latin1');
}

/** A body made of a head, content of known size and a tail. */
export const framed = (head: Buffer, content: { size: number; chunks: AsyncIterable<Buffer> }, tail: Buffer) => ({
  size: head.length + content.size + tail.length,
  chunks: inFrame(head, content.chunks, tail),
});

async function* inFrame(head: Buffer, content: AsyncIterable<Buffer>, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  yield* content;
  yield tail;
}
