/** Cuts a stream into pieces of one size; only the last may be shorter. Holds one piece at a time. */
export async function* pieces(content: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    rest.push(chunk);
    bytes += chunk.length;
    if (bytes < size) continue;
    const joined = Buffer.concat(rest);
    let from = 0;
    for (; joined.length - from >= size; from += size) yield joined.subarray(from, from + size);
    rest = [joined.subarray(from)];
    bytes = joined.length - from;
  }
  if (bytes > 0) yield Buffer.concat(rest);
}
