/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Where the body begins. */
  readonly end: number;
}

/**
 * Reads HTTP/1.1 answers from one connection. Node's client cannot do this: it refuses to send most of what is sent
 * here, and it does not show what comes after an answer.
 */
export class AnswerParser {
  private buffer: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.buffer = this.buffer.length === 0 ? chunk : Buffer.concat([this.buffer, chunk]);
  }

  /** Bytes that belong to no complete answer yet. */
  get rest(): Buffer {
    return this.buffer;
  }

  /**
   * The next complete answer; interim answers (1xx) are skipped.
   * @throws Error if what came is not HTTP.
   */
  next(method: string, closed: boolean): WireAnswer | undefined {
    for (;;) {
      const head = this.head();
      if (head === undefined) return undefined;
      if (head.status < 200) {
        this.buffer = this.buffer.subarray(head.end);
        continue;
      }
      const body = this.bodyAfter(head, method, closed);
      if (body === undefined) return undefined;
      this.buffer = this.buffer.subarray(body.end);
      return { status: head.status, headers: head.headers, body: body.bytes };
    }
  }

  private head(): Head | undefined {
    const end = this.buffer.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [first = '', ...lines] = this.buffer.toString('latin1', 0, end).split('\r\n');
    const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1];
    if (status === undefined) throw new Error(`not an HTTP answer: ${JSON.stringify(first.slice(0, 100))}`);
    const pairs = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    return { status: Number(status), headers: new Map(pairs), end: end + 4 };
  }

  private bodyAfter({ status, headers, end }: Head, method: string, closed: boolean) {
    if (method === 'HEAD' || status === 204 || status === 304) return { bytes: Buffer.alloc(0), end };
    if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return this.chunksFrom(end);
    const length = headers.get('content-length');
    if (length === undefined) {
      return closed ? { bytes: this.buffer.subarray(end), end: this.buffer.length } : undefined;
    }
    const last = end + Number(length);
    return this.buffer.length < last ? undefined : { bytes: this.buffer.subarray(end, last), end: last };
  }

  private chunksFrom(start: number) {
    const chunks: Buffer[] = [];
    let at = start;
    for (;;) {
      const line = this.buffer.indexOf('\r\n', at);
      if (line < 0) return undefined;
      const size = Number.parseInt(this.buffer.toString('latin1', at, line), 16);
      if (Number.isNaN(size)) throw new Error('an answer with broken chunks');
      const next = line + 2 + size + 2;
      if (this.buffer.length < next) return undefined;
      if (size === 0) return { bytes: Buffer.concat(chunks), end: next };
      chunks.push(this.buffer.subarray(line + 2, line + 2 + size));
      at = next;
    }
  }
}
