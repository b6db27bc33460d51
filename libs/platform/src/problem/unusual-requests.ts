import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayProblem } from '@gateway/core';
import { endWithProblem } from './client-error.js';

const ALLOW = 'Allow: GET, POST, PUT, PATCH, DELETE';

/** Requests that Node's HTTP server answers without a body, or not at all, unless a listener handles them. */
export function answerUnusualRequests(server: Server): void {
  // An unknown expectation may be ignored (RFC 9110, section 10.1.1).
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined);
    const problem = new GatewayProblem('method_not_allowed', 'This server is not a proxy: it does not take CONNECT.');
    endWithProblem(socket, problem, { headers: [ALLOW] });
  });
}
