import { EmailGateway } from '../email-gateway.js';
import type { GatewayEvent } from '../event.types.js';
import { newSecret, sign, webhookBody } from '../webhooks/sign.js';
import type { ListenOptions } from './options.js';

const HANDLER_TIMEOUT_MS = 30_000;

export interface Surroundings {
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Forwards until the signal. An event that the handler does not take is reported and not repeated. */
export async function listen(options: ListenOptions, { signal, print }: Surroundings): Promise<void> {
  const { to, types, secret = newSecret(), cursor } = options;
  // A secret that cannot be one ends it here, not at the first event.
  await sign({ id: 'evt_', body: '', keys: secret });
  const gateway = new EmailGateway({ url: options.url, apiKey: options.key });
  if (options.secret === undefined) print(`signed with ${secret}`);
  const events = gateway.events.follow({
    ...(cursor !== undefined && { cursor }),
    ...(types.length > 0 && { types }),
    signal,
    onOpen: () => print(`forwarding events of ${options.url} to ${to}`),
    onReconnect: ({ error, delayMs }) => print(`lost, again in ${Math.ceil(delayMs / 1000)} s: ${error.message}`),
  });
  try {
    for await (const event of events) print(await forward(event, { to, secret, signal }));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

interface Target {
  readonly to: string;
  readonly secret: string;
  readonly signal: AbortSignal;
}

/** @returns a line about it */
async function forward(event: GatewayEvent, { to, secret, signal }: Target): Promise<string> {
  const body = webhookBody(event);
  const headers = await sign({ id: event.id, body, keys: secret });
  const startedAt = performance.now();
  const outcome = await post(to, { body, headers: { ...headers }, signal });
  return `${outcome} ${event.type} ${event.id} ${Math.round(performance.now() - startedAt)} ms`;
}

async function post(to: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<string> {
  const signal = AbortSignal.any([init.signal, AbortSignal.timeout(HANDLER_TIMEOUT_MS)]);
  try {
    const answer = await fetch(to, { ...init, method: 'POST', redirect: 'manual', signal });
    await answer.body?.cancel();
    return String(answer.status);
  } catch (error) {
    const { message, cause } = error as Error;
    return `failed (${cause instanceof Error ? cause.message : message})`;
  }
}
