import type { OutboundFile } from '@gateway/core';

/** A template's file is small enough to be held at once. */
export async function collectFile({ content }: OutboundFile): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}
