// `node --import ./test/support/run-typescript.mjs bench/sink/main.ts <port> [hold]`, or SINK_PORT and SINK_HOLD=true:
// a provider that answers at once, so that the gateway is measured and not the simulator.
import { createServer, type IncomingMessage } from 'node:http';
import { Gate, Ledger, Tally } from './accepted.js';
import { write, type Answer } from './answer.js';
import { readBody, skipBody } from './body.js';
import { NcpSink } from './ncp.js';
import { NhnSink } from './nhn.js';

const NCP = '/api/v1';
const NHN = /^\/email\/v[\d.]+\/appKeys\/[^/]+\//;
const DONE: Answer = { status: 200, text: '{}' };
/** A definite no of either vendor's gateway. */
const TOO_MANY: Answer = { status: 429, text: '{}' };
const NOTHING: Answer = { status: 404, text: '{}' };

const gate = new Gate(process.argv[3] === 'hold' || process.env['SINK_HOLD'] === 'true');
const ncp = new NcpSink(new Ledger(), gate);
const nhn = new NhnSink(new Ledger(), gate);
let plain = new Tally();
let refuses = false;

const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const stats = (): Answer => ({
  status: 200,
  text: JSON.stringify({
    held: gate.held,
    ncp: ncp.ledger.tally,
    nhn: nhn.ledger.tally,
    plain,
    /** The sink's own use of the machine: bytes, and milliseconds of processor time. */
    memory: process.memoryUsage.rss(),
    processorMs: processorMs(),
  }),
});

/** Commands and queries of a benchmark to the sink. */
const controls: Readonly<Record<string, () => Answer>> = {
  'GET /control/health': () => DONE,
  'GET /control/stats': stats,
  'POST /control/hold': () => {
    gate.held = true;
    return DONE;
  },
  'POST /control/release': () => {
    gate.release();
    return DONE;
  },
  'POST /control/refuse': () => {
    refuses = true;
    return DONE;
  },
  'POST /control/accept': () => {
    refuses = false;
    return DONE;
  },
  /** Forgets everything that was sent. */
  'POST /control/reset': () => {
    ncp.ledger.forget();
    nhn.ledger.forget();
    plain = new Tally();
    return DONE;
  },
};

async function answerPost(path: string, body: Buffer): Promise<Answer> {
  const vendor = path.startsWith(`${NCP}/`) ? ncp : NHN.test(path) ? nhn : undefined;
  if (vendor === undefined) return NOTHING;
  if (refuses) return TOO_MANY;
  vendor.ledger.tally.bytes += body.length;
  return vendor.post(vendor === ncp ? path.slice(NCP.length) : path.replace(NHN, ''), body);
}

function answerGet(url: string): Answer {
  const [path = '', search] = url.split('?', 2);
  const query = new URLSearchParams(search);
  if (path.startsWith(`${NCP}/`)) return ncp.get(path.slice(NCP.length), query);
  return NHN.test(path) ? nhn.get(path.replace(NHN, ''), query) : NOTHING;
}

function takePlain(request: IncomingMessage, done: (answer: Answer) => void): void {
  skipBody(request, () => {
    plain.taken(1);
    done(DONE);
  });
}

function serve(request: IncomingMessage, done: (answer: Answer) => void): void {
  const { method, url = '' } = request;
  const control = url.startsWith('/control/') ? controls[`${method} ${url}`] : undefined;
  if (control !== undefined) return skipBody(request, () => done(control()));
  if (method === 'GET') return skipBody(request, () => done(answerGet(url)));
  if (method !== 'POST') return skipBody(request, () => done(NOTHING));
  return url.startsWith('/plain')
    ? takePlain(request, done)
    : readBody(request, (body) => void answerPost(url, body).then(done));
}

const server = createServer((request, response) => serve(request, (answer) => write(response, answer)));
// Clients keep their connections for the whole run.
server.keepAliveTimeout = 0;
server.requestTimeout = 0;
server.listen(Number(process.argv[2] ?? process.env['SINK_PORT'] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`sink: http://127.0.0.1:${port}\n`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
// Its parent is gone.
process.once('disconnect', () => process.exit(0));
