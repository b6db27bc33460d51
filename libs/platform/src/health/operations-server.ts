import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { GatewayProblem } from '@gateway/core';
import type { Metrics } from '../metrics/metrics.js';
import { newUuid } from '../clock/uuid.js';
import { PROBLEM_MEDIA_TYPE, problemHeaders, toProblemDocument } from '../problem/problem-document.js';
import { liveReport, type HealthChecks } from './health-checks.js';

export interface OperationsServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Routes = Readonly<Record<string, () => Promise<Answer>>>;

/**
 * `/health/live`, `/health/ready` and `/metrics` of a process that serves nothing else.
 * @throws Error when the port can't be had.
 */
export async function startOperationsServer(options: {
  readonly port: number;
  readonly host: string;
  readonly checks: HealthChecks;
  readonly metrics: Metrics;
}): Promise<OperationsServer> {
  const routes = routesOver(options.checks, options.metrics);
  const server = createServer((request, response) => void answer(routes, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: portOf(server), close: () => close(server) };
}

const routesOver = (checks: HealthChecks, metrics: Metrics): Routes => ({
  '/health/live': async () => json(200, liveReport()),
  '/health/ready': async () => {
    const report = await checks.report();
    return json(report.status === 'down' ? 503 : 200, report);
  },
  '/metrics': async () => ({
    status: 200,
    headers: { 'content-type': metrics.contentType },
    body: await metrics.text(),
  }),
});

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  const { status, headers, body } = await route(routes, request).catch((error: unknown) =>
    problem(error instanceof GatewayProblem ? error : new GatewayProblem('internal_error', 'Something failed.')),
  );
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function route(routes: Routes, { url = '', method = '' }: IncomingMessage): Promise<Answer> {
  const path = url.split('?', 1)[0] ?? '';
  const found = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (found === undefined) return Promise.reject(new GatewayProblem('not_found', `There is no ${path} here.`));
  if (method === 'GET' || method === 'HEAD') return found();
  const headers = { allow: 'GET, HEAD' };
  return Promise.reject(new GatewayProblem('method_not_allowed', 'This path takes GET, HEAD.', { headers }));
}

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

function problem(what: GatewayProblem): Answer {
  const document = toProblemDocument(what, newUuid());
  const headers = { ...problemHeaders(what), 'content-type': PROBLEM_MEDIA_TYPE };
  return { ...json(document.status, document), headers };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
