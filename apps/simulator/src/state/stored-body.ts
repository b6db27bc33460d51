import { deflate, inflateSync } from 'node:zlib';

const WORTH_PACKING_BYTES = 256 * 1024;

/** A request body as received; large ones are packed on a thread after the answer has left. */
export class StoredBody {
  #bytes: Buffer;
  #packed = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    if (bytes.length < WORTH_PACKING_BYTES) return;
    deflate(bytes, { level: 1 }, (error, packed) => {
      if (error) return;
      this.#bytes = packed;
      this.#packed = true;
    });
  }

  text(): string {
    return (this.#packed ? inflateSync(this.#bytes) : this.#bytes).toString('utf8');
  }
}
