import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { GatewayProblem } from '@gateway/core';
import { newUuid } from '../clock/uuid.js';
import { PROBLEM_MEDIA_TYPE, toProblemDocument } from './problem-document.js';

/**
 * Answers what Node's HTTP parser refused (no request exists yet) in problem form: 431 for headers that are too large,
 * 408 for a request that came too slowly, 400 for anything that is not HTTP. Then the connection is closed.
 */
export const answerClientError = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = newUuid();
  const { status, detail } = describe(error.code);
  const document = { ...toProblemDocument(new GatewayProblem('malformed_json', detail), requestId), status };
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
};

const describe = (code: string | undefined): { readonly status: number; readonly detail: string } => {
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, detail: 'The header is too large.' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, detail: 'The request came too slowly.' };
  return { status: 400, detail: 'The request is not valid HTTP.' };
};
