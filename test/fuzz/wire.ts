import type { DocumentedCall } from './document.js';

/** The owner of a request's key. `none` and `wrong` must never be answered 2xx below /v1. */
export type KeyKind = 'own' | 'other' | 'scoped' | 'none' | 'wrong';

/** How the length of the body is declared. Only `length`, `chunked` and `none` are correct. */
export type Framing = 'length' | 'chunked' | 'none' | 'too short' | 'too long' | 'both' | 'broken chunks';

/** One request as it is sent. Nothing in it has to be valid. */
export interface Wire {
  readonly method: string;
  /** As typed on the request line; latin1, so that every byte can occur. */
  readonly target: string;
  readonly version: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly framing: Framing;
  readonly key: KeyKind;
  /** The documented call, while method and path are still its own. */
  readonly call: DocumentedCall | undefined;
}

const CORRECT: ReadonlySet<Framing> = new Set(['length', 'chunked', 'none']);

/** Does the server know where this request ends? */
export const isFramed = ({ framing, version, headers }: Wire): boolean =>
  CORRECT.has(framing) &&
  version === 'HTTP/1.1' &&
  !headers.some(([name]) => /^(transfer-encoding|content-length)$/i.test(name));

export function bytesOf(wire: Wire): Buffer {
  const head = [`${wire.method} ${wire.target} ${wire.version}`.trimEnd()];
  for (const [name, value] of [...wire.headers, ...framingHeaders(wire)]) head.push(`${name}: ${value}`);
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), framedBody(wire)]);
}

function framingHeaders({ framing, body }: Wire): readonly (readonly [string, string])[] {
  const length = (bytes: number) => ['Content-Length', String(bytes)] as const;
  const chunked = ['Transfer-Encoding', 'chunked'] as const;
  if (framing === 'none') return [];
  if (framing === 'length') return [length(body.length)];
  if (framing === 'too short') return [length(Math.floor(body.length / 2))];
  if (framing === 'too long') return [length(body.length + 17)];
  return framing === 'both' ? [length(body.length), chunked] : [chunked];
}

function framedBody({ framing, body }: Wire): Buffer {
  if (framing === 'none') return Buffer.alloc(0);
  if (framing === 'broken chunks') return Buffer.concat([Buffer.from('zz\r\n'), body]);
  if (framing !== 'chunked' && framing !== 'both') return body;
  const middle = Math.floor(body.length / 2);
  const chunks = [body.subarray(0, middle), body.subarray(middle)].filter((chunk) => chunk.length > 0);
  const pieces = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

export const headerOf = ({ headers }: Wire, wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
