import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayAddress } from './test-gateway.js';

export interface UploadStart {
  readonly path: string;
  readonly type: string;
  /** Absent: a chunked body. */
  readonly length?: number;
  readonly idempotencyKey?: string;
}

/** A request whose body is written by hand, piece by piece, as slowly as wanted. */
export class SlowUpload {
  /** Everything that came back. */
  answer = '';
  private readonly socket: Socket;
  private readonly chunked: boolean;

  constructor({ apiUrl, apiKey }: Pick<GatewayAddress, 'apiUrl' | 'apiKey'>, start: UploadStart) {
    const { hostname, port } = new URL(apiUrl);
    this.chunked = start.length === undefined;
    this.socket = connect(Number(port), hostname);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: Buffer) => (this.answer += chunk.toString()));
    const head = [
      `POST ${start.path} HTTP/1.1`,
      'Host: gateway',
      `Authorization: Bearer ${apiKey}`,
      `Content-Type: ${start.type}`,
      start.length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${start.length}`,
      ...(start.idempotencyKey === undefined ? [] : [`Idempotency-Key: ${start.idempotencyKey}`]),
    ];
    this.socket.write(`${head.join('\r\n')}\r\n\r\n`);
  }

  write(text: string): void {
    if (!this.socket.writable) return;
    this.socket.write(this.chunked ? `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n` : text);
  }

  /** Until everything that was written is on its way. */
  async flushed(): Promise<void> {
    if (this.socket.writableNeedDrain) await once(this.socket, 'drain');
  }

  /** Ends a chunked body. */
  end(): void {
    this.socket.write('0\r\n\r\n');
  }

  /** Hangs up. */
  abort(): void {
    this.socket.destroy();
  }

  /** Writes a piece every so often until there is an answer, or for so long. @returns how long that took. */
  async trickle(piece: () => string, everyMs: number, forMs = 30_000): Promise<number> {
    const started = performance.now();
    while (this.answer === '' && performance.now() - started < forMs) {
      this.write(piece());
      await sleep(everyMs);
    }
    return performance.now() - started;
  }

  /** Until the other side hangs up. */
  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }
}
