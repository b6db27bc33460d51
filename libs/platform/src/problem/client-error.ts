import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { GatewayProblem } from '@gateway/core';
import { newUuid } from '../clock/uuid.js';
import { PROBLEM_MEDIA_TYPE, toProblemDocument } from './problem-document.js';

/**
 * Answers what Node's HTTP parser refused (no request exists yet) in problem form: 431 for headers that are too large,
 * 408 for a request that came too slowly, 400 for anything that is not HTTP. Then the connection is closed.
 */
export const answerClientError = (error: Error & { code?: string }, socket: Socket): void => {
  // The parser refuses each further piece of a request that has its answer; no one reads them.
  if (answered.has(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, detail } = describe(error.code);
  endWithProblem(socket, new GatewayProblem('malformed_json', detail), { status });
};

/** How long a caller may go on writing after such an answer, in milliseconds. */
const LINGER_MS = 2000;
const answered = new WeakSet<Duplex>();

interface RawAnswer {
  /** Where it differs from the problem's own. */
  readonly status?: number;
  readonly headers?: readonly string[];
}

/** Answers on a connection that no HTTP answer belongs to, and closes it. */
export function endWithProblem(socket: Duplex, problem: GatewayProblem, answer: RawAnswer = {}): void {
  const requestId = newUuid();
  const document = toProblemDocument(problem, requestId);
  const { status = document.status, headers = [] } = answer;
  const body = JSON.stringify({ ...document, status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...headers,
    'Connection: close',
  ];
  answered.add(socket);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Closed at once, a connection that is still being written to is reset, and its caller loses the answer.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}

const describe = (code: string | undefined): { readonly status: number; readonly detail: string } => {
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, detail: 'The header is too large.' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, detail: 'The request came too slowly.' };
  return { status: 400, detail: 'The request is not valid HTTP.' };
};
