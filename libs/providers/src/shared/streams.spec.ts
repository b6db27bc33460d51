import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { base64Length, base64Of, framed } from './streams.js';

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const joined = async (chunks: AsyncIterable<Buffer>): Promise<Buffer> => {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
};

describe(base64Of.name, () => {
  it('gives what the whole would give, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 }), async (chunks) => {
        const whole = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
        const written = await joined(base64Of(stream(chunks)));
        expect(written.toString()).toBe(whole.toString('base64'));
        expect(written.length).toBe(base64Length(whole.length));
      }),
    );
  });
});

describe(framed.name, () => {
  it('knows its size', async () => {
    const content = { size: 4, chunks: stream([Buffer.from('ab'), Buffer.from('cd')]) };
    const { size, chunks } = framed(Buffer.from('<'), content, Buffer.from('>!'));
    const body = await joined(chunks);
    expect([body.toString(), body.length]).toEqual(['<abcd>!', size]);
  });
});
