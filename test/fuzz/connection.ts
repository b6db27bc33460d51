import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerParser, type WireAnswer } from './answer-parser.js';
import { bytesOf, isFramed, type Wire } from './wire.js';

/** How the bytes of a conversation leave. */
export interface Delivery {
  /** `pipelined`: all requests at once; else each after the answer to the one before. */
  readonly pipelined: boolean;
  /** In one write, in pieces, or a few bytes now and then. */
  readonly pace: 'whole' | 'pieces' | 'slow';
  /** The caller leaves after this part of the last request (0 to 1), or, above 1, while the answer is on its way. */
  readonly leaves?: { readonly at: number; readonly how: 'reset' | 'fin'; readonly afterMs: number } | undefined;
  /** Last number of the loopback address that it comes from. */
  readonly peer: number;
}

export interface Exchange {
  readonly wire: Wire;
  readonly answer: WireAnswer | undefined;
  readonly ms: number;
}

export interface Played {
  readonly exchanges: readonly Exchange[];
  /** Something wrong with the connection as a whole. */
  readonly fault: string | undefined;
}

/** An answer that takes longer is a hang. A caller may ask to wait for up to a minute. */
const LONGEST_MS = 20_000;
const LONGEST_WAIT_MS = 75_000;
/** Wait for another answer, in milliseconds, where its absence cannot be known. */
const UNFRAMED_MS = 1000;
const SLOW_STEPS = 8;
const SLOW_STEP_MS = 60;

/** Plays requests on one connection, and collects what came back. */
export async function play(port: number, wires: readonly Wire[], delivery: Delivery): Promise<Played> {
  const caller = await Caller.open(port, delivery.peer);
  try {
    // Node hands the connection over as soon as it has read CONNECT, even if earlier requests are not answered yet.
    const together = delivery.pipelined && !wires.some(({ method }) => method === 'CONNECT');
    return together ? await allAtOnce(caller, wires, delivery) : await oneByOne(caller, wires, delivery);
  } catch (error) {
    return { exchanges: [], fault: String((error as Error).message) };
  } finally {
    caller.reset();
  }
}

async function oneByOne(caller: Caller, wires: readonly Wire[], delivery: Delivery): Promise<Played> {
  const exchanges: Exchange[] = [];
  for (const [index, wire] of wires.entries()) {
    if (caller.closed) break;
    const leaves = index === wires.length - 1 ? delivery.leaves : undefined;
    if (leaves !== undefined) {
      await leave(caller, bytesOf(wire), leaves);
      return { exchanges, fault: undefined };
    }
    const started = performance.now();
    await caller.write(bytesOf(wire), delivery.pace);
    const answer = await caller.answerTo(wire, patienceFor(wire));
    exchanges.push({ wire, answer, ms: performance.now() - started });
    if (answer === undefined) return { exchanges, fault: faultOf(caller, wire) };
    if (!isFramed(wire)) return { exchanges, fault: undefined };
    if (answer.headers.get('connection') === 'close') return { exchanges, fault: await notClosed(caller) };
  }
  return { exchanges, fault: caller.rest > 0 ? `${caller.rest} bytes after the answer` : undefined };
}

async function allAtOnce(caller: Caller, wires: readonly Wire[], delivery: Delivery): Promise<Played> {
  const all = Buffer.concat(wires.map((wire) => bytesOf(wire)));
  if (delivery.leaves !== undefined) {
    await leave(caller, all, delivery.leaves);
    return { exchanges: [], fault: undefined };
  }
  const exchanges: Exchange[] = [];
  const started = performance.now();
  await caller.write(all, delivery.pace);
  for (const wire of wires) {
    const answer = await caller.answerTo(wire, patienceFor(wire));
    exchanges.push({ wire, answer, ms: performance.now() - started });
    if (answer === undefined) {
      // A server may close after an answer; the requests behind it are then unanswered.
      const mayBeUnanswered = caller.closed && exchanges.length > 1;
      return { exchanges, fault: mayBeUnanswered ? undefined : faultOf(caller, wire) };
    }
    if (!isFramed(wire)) break;
  }
  return { exchanges, fault: undefined };
}

const patienceFor = (wire: Wire): number => {
  if (!isFramed(wire)) return UNFRAMED_MS;
  return /wait/i.test(wire.target) ? LONGEST_WAIT_MS : LONGEST_MS;
};

/** Without an answer: no fault where the end of the request is ambiguous. */
function faultOf(caller: Caller, wire: Wire): string | undefined {
  if (!isFramed(wire)) return undefined;
  if (caller.closed) return `closed without an answer${caller.error === undefined ? '' : ` (${caller.error})`}`;
  return `no answer within ${patienceFor(wire) / 1000} s`;
}

async function notClosed(caller: Caller): Promise<string | undefined> {
  await caller.untilClosed(5000);
  return caller.closed ? undefined : 'answered "Connection: close", but did not close';
}

async function leave(caller: Caller, bytes: Buffer, leaves: NonNullable<Delivery['leaves']>): Promise<void> {
  await caller.write(bytes.subarray(0, Math.ceil(bytes.length * Math.min(1, leaves.at))), 'whole');
  await sleep(leaves.afterMs);
  if (leaves.how === 'reset') return;
  caller.end();
  await caller.untilClosed(200);
}

class Caller {
  error: string | undefined;
  private readonly socket: Socket;
  private readonly parser = new AnswerParser();
  private wake: () => void = () => undefined;
  private hasEnded = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    const end = (): void => {
      this.hasEnded = true;
      this.wake();
    };
    socket.on('data', (chunk: Buffer) => {
      this.parser.push(chunk);
      this.wake();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => void (this.error = error.code));
    socket.on('end', end);
    socket.on('close', end);
  }

  static async open(port: number, peer: number): Promise<Caller> {
    // Many peers; elsewhere than on Linux only 127.0.0.1 is there.
    const localAddress = process.platform === 'linux' ? `127.0.1.${peer}` : '127.0.0.1';
    const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    const caller = new Caller(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return caller;
  }

  get closed(): boolean {
    return this.hasEnded;
  }

  get rest(): number {
    return this.parser.rest.length;
  }

  async write(bytes: Buffer, pace: Delivery['pace']): Promise<void> {
    if (pace === 'whole') return void this.socket.write(bytes);
    const steps = pace === 'slow' ? SLOW_STEPS : 4;
    const size = Math.max(1, Math.ceil(bytes.length / steps));
    for (let at = 0; at < bytes.length && !this.closed; at += size) {
      this.socket.write(bytes.subarray(at, at + size));
      await sleep(pace === 'slow' ? SLOW_STEP_MS : 1);
    }
  }

  /** `undefined`: closed before, or too late. */
  async answerTo({ method }: Wire, patienceMs: number): Promise<WireAnswer | undefined> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const answer = this.parser.next(method, this.closed);
      if (answer !== undefined || this.closed || performance.now() >= deadline) return answer;
      await this.change(deadline - performance.now());
    }
  }

  async untilClosed(patienceMs: number): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!this.closed && performance.now() < deadline) await this.change(deadline - performance.now());
  }

  private change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    this.socket.end();
  }

  reset(): void {
    if (this.socket.destroyed) return;
    this.socket.resetAndDestroy();
  }
}
