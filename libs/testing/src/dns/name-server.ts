import { createSocket, type Socket } from 'node:dgram';

/** What the server does about a name: its TXT records (a list is one in pieces), or how it fails. */
export type Answer = readonly (string | readonly string[])[] | 'nxdomain' | 'servfail' | 'silence' | 'nonsense';

const HEADER_BYTES = 12;
const TXT = 16;
const CLASS_IN = 1;
/** An answer beyond a datagram is for TCP, which this server does not have. */
const NAME_POINTER = 0xc000 | HEADER_BYTES;

/** A name server on this machine that knows TXT records, by UDP. Names are in lower case; one that it does not know is not there. */
export class NameServer {
  /** The names that were asked for, in order. */
  readonly asked: string[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly answers: Map<string, Answer>,
  ) {
    socket.on('message', (query, peer) => {
      const reply = this.replyTo(query);
      if (reply !== undefined) socket.send(reply, peer.port, peer.address);
    });
  }

  static async start(answers: Readonly<Record<string, Answer>> = {}): Promise<NameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new NameServer(socket, new Map(Object.entries(answers)));
  }

  /** For `DNS_SERVERS`. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  set(name: string, answer: Answer): void {
    this.answers.set(name, answer);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private replyTo(query: Buffer): Buffer | undefined {
    const { name, end } = questionOf(query);
    this.asked.push(name);
    const answer = this.answers.get(name) ?? 'nxdomain';
    if (answer === 'silence') return undefined;
    if (answer === 'nonsense') return Buffer.concat([query.subarray(0, 2), Buffer.from('nonsense')]);
    const records = typeof answer === 'string' ? [] : answer;
    const head = Buffer.from(query.subarray(0, HEADER_BYTES));
    // An answer, recursion available, and what became of it.
    head.writeUInt16BE(0x8180 | (answer === 'nxdomain' ? 3 : answer === 'servfail' ? 2 : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    head.writeUInt32BE(0, 8);
    return Buffer.concat([head, query.subarray(HEADER_BYTES, end), ...records.map(recordOf)]);
  }
}

function questionOf(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

function recordOf(record: string | readonly string[]): Buffer {
  const pieces = (typeof record === 'string' ? [record] : record).map((piece) => Buffer.from(piece, 'latin1'));
  const data = Buffer.concat(pieces.flatMap((piece) => [Buffer.from([piece.length]), piece]));
  const head = Buffer.alloc(12);
  head.writeUInt16BE(NAME_POINTER, 0);
  head.writeUInt16BE(TXT, 2);
  head.writeUInt16BE(CLASS_IN, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
