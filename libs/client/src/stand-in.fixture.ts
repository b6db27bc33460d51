import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { EmailGateway } from './email-gateway.js';
import type { GatewayOptions } from './transport/options.js';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  body: string;
}

type Step = (response: ServerResponse, seen: Seen, request: IncomingMessage) => unknown;

/** An HTTP server that answers each request by the next step, and later ones by the last step. */
export class StandIn {
  readonly seen: Seen[] = [];
  /** Connections that were made. */
  readonly sockets: Socket[] = [];
  private readonly server: Server;
  private steps: readonly Step[] = [];
  private at = 0;

  private constructor() {
    this.server = createServer((request, response) => {
      const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: '' };
      this.seen.push(seen);
      const step = this.steps[Math.min(this.at, this.steps.length - 1)];
      this.at += 1;
      if (step === readsSlowly || step === refusesUnread) return void step(response, seen, request);
      request.on('data', (chunk) => (seen.body += String(chunk)));
      request.on('end', () => step?.(response, seen, request));
    });
    this.server.on('connection', (socket) => this.sockets.push(socket));
  }

  static async start(): Promise<StandIn> {
    const standIn = new StandIn();
    await new Promise<void>((done) => standIn.server.listen(0, '127.0.0.1', done));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @returns a client whose requests are answered so */
  answering(...steps: readonly Step[]): EmailGateway {
    return this.client({}, ...steps);
  }

  client(options: Partial<GatewayOptions>, ...steps: readonly Step[]): EmailGateway {
    this.steps = steps;
    this.at = 0;
    this.seen.length = 0;
    return new EmailGateway({ url: this.url, apiKey: 'gk_test', ...options });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

export const json =
  (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Step =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const problem = (
  status: number,
  code: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Step =>
  json({ type: `urn:gateway:problem:${code}`, title: code, status, detail: `it is ${code}`, code, ...more }, status, {
    'content-type': 'application/problem+json',
    'x-request-id': 'req-1',
    ...headers,
  });

export const text =
  (body: string, status: number, type = 'text/html'): Step =>
  (response) =>
    response.writeHead(status, { 'content-type': type }).end(body);

/** The request is read, the connection ends without an answer. */
export const hangsUp: Step = (response) => response.destroy();
/** Half of an answer, then the connection ends. */
export const cutOff: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"id":"msg_', () => response.destroy());
};
export const silent: Step = () => undefined;
/** Takes nothing of the body; the test reads. */
export const readsSlowly: Step = (_response, _seen, request) => request.pause();

/** Answers before it has read the body. */
export const refusesUnread: Step = (response, seen, request) => {
  request.pause();
  return problem(401, 'unauthorized')(response, seen, request);
};

/** An event stream: what is given is written at once, then it stays open unless `end`. */
export const stream =
  (frames: readonly string[], { end = false } = {}): Step =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hello\n\n');
    for (const frame of frames) response.write(frame);
    if (end) response.end();
  };

export const frame = (id: string, type = 'recipient.delivered'): string =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ id: `evt_${id}`, type, at: '2026-11-01T00:00:00.000Z', data: {} })}\n\n`;
