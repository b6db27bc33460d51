import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** How often the rest of an unread body is looked at. */
const LOOK_MS = 1000;
/** Maximum pause between two bytes, and maximum total time, for the rest of a body that is not read. */
const IDLE_MS = 5000;
const LONGEST_MS = 30_000;

/** Requests whose answer closes their connection. */
const last = new WeakSet<IncomingMessage>();
/** Requests that wait for `100 Continue` before they send their body. */
const expecting = new WeakSet<IncomingMessage>();

/**
 * Limits a connection to plain requests. A body that is not read cannot keep a connection, an upgrade is
 * never made, and `100 Continue` is sent only where the body will be read.
 */
export function installConnections(fastify: FastifyInstance): void {
  const { server } = fastify;
  fastify.addHook('onSend', async (request, reply) => {
    if (last.has(request.raw)) void reply.header('connection', 'close');
  });
  server.prependListener('request', (request, response) => {
    if (request.headers.upgrade !== undefined) closeAfter(request);
    response.once('finish', () => {
      if (!request.complete) dropRest(request);
    });
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    expecting.add(request);
    closeAfter(request);
    server.emit('request', request, response);
  });
}

/** Asks for the body of a request that waits for it; then the connection may be kept. */
export function sendContinue({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (!expecting.delete(raw)) return;
  if (raw.headers.upgrade === undefined) last.delete(raw);
  reply.raw.writeContinue();
}

/**
 * The answer closes the connection: it is unknown whether a body that was not requested will arrive, and Node loses
 * bytes after a request with `Upgrade`. A caller that still writes can read the answer before the connection is reset.
 */
function closeAfter(request: IncomingMessage): void {
  last.add(request);
  const { socket } = request;
  socket.destroySoon = () => {
    if (request.complete) socket.end(() => socket.destroy());
    else socket.end();
  };
}

/** Node drops the rest of a body that was not read, so that the next request can follow, but only for a limited time. */
function dropRest(request: IncomingMessage): void {
  const { socket } = request;
  const started = performance.now();
  let [seen, since] = [socket.bytesRead, started];
  const timer = setInterval(() => {
    const now = performance.now();
    if (socket.bytesRead !== seen) [seen, since] = [socket.bytesRead, now];
    if (request.complete || socket.destroyed) clearInterval(timer);
    else if (now - since >= IDLE_MS || now - started >= LONGEST_MS) socket.destroy();
  }, LOOK_MS);
  timer.unref();
}
