import type { FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchangeOf } from '../http/exchange.js';
import type { VendorVoice } from '../http/vendor-voice.js';
import type { Simulator } from '../state/simulator.js';
import { actsAfterAccept, type Fault } from './fault.js';
import type { FaultTarget } from './fault-store.js';

const HTML = '<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>';

/** Takes the fault for a call and, unless it acts after acceptance, shows it instead of the call's answer. */
export async function faultBefore(
  context: { simulator: Simulator; voice: VendorVoice; target: FaultTarget },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const fault = context.simulator.faults.take(context.target);
  if (!fault) return undefined;
  const exchange = exchangeOf(request);
  exchange.fault = fault;
  if (actsAfterAccept(fault)) return undefined;
  exchange.faultShown = true;
  if (fault.kind === 'slow') {
    await sleep(fault.delayMs);
    return undefined;
  }
  const payload = await misbehave({
    fault,
    voice: context.voice,
    request,
    reply,
    answer: '{"header":{"isSuccessful":tr',
  });
  return reply.send(payload);
}

/** Shows a fault that acts after acceptance: returns what to send instead of `payload`. */
export async function faultAfter(
  context: { simulator: Simulator; voice: VendorVoice },
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const exchange = exchangeOf(request);
  const { fault } = exchange;
  if (!fault || exchange.faultShown) return payload;
  exchange.faultShown = true;
  if (exchange.operation === 'send' && !exchange.accepted) {
    context.simulator.faults.giveBack(fault);
    return payload;
  }
  if (fault.kind === 'lag') return payload;
  if (fault.kind === 'slow') {
    await sleep(fault.delayMs);
    return payload;
  }
  const answer = typeof payload === 'string' ? payload : '';
  return misbehave({ fault, voice: context.voice, request, reply, answer: answer.slice(0, answer.length >> 1) });
}

/** Without `text` it is the torn answer. */
const BABBLE: Readonly<Record<'html' | 'half_json' | 'empty' | 'accept_then_500', Babble>> = {
  html: { status: 502, type: 'text/html; charset=utf-8', text: HTML },
  half_json: { status: 200, type: 'application/json' },
  empty: { status: 200, type: 'application/json', text: '' },
  accept_then_500: { status: 500, type: 'text/plain', text: 'Internal Server Error' },
};

interface Babble {
  readonly status: number;
  readonly type: string;
  readonly text?: string;
}

interface Misbehaviour {
  readonly fault: Fault;
  readonly voice: VendorVoice;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The torn answer for `half_json`. */
  readonly answer: string;
}

/** Breaks the connection or gives the body to send with the status that is set on the reply. */
async function misbehave(what: Misbehaviour): Promise<string> {
  const { fault, voice, request, reply } = what;
  switch (fault.kind) {
    case 'drop':
    case 'accept_then_drop':
      request.raw.socket.destroy();
      return '';
    case 'hang':
      await new Promise<void>((resolve) => request.raw.socket.once('close', () => resolve()));
      return '';
    case 'html':
    case 'half_json':
    case 'empty':
    case 'accept_then_500':
      return babble(what, fault.kind);
    default:
      return speak(voice, fault, reply);
  }
}

/** An answer in no vendor's words, as a proxy or a dying server gives. */
function babble({ fault, reply, answer }: Misbehaviour, kind: keyof typeof BABBLE): string {
  const { status, type, text } = BABBLE[kind];
  reply.code(fault.status ?? status).type(type);
  return text ?? answer;
}

function speak(voice: VendorVoice, fault: Fault, reply: FastifyReply): string {
  const answer = voice.faultAnswer(fault);
  reply.code(answer.status).type('application/json;charset=UTF-8');
  if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', String(fault.retryAfterSeconds));
  return JSON.stringify(answer.body);
}
