import { EmailGateway, GatewayProblem } from '@gateway/client';
import { noteServerTime } from './clock';

/** The session's cookie stands for the key, so none is ever in the page. */
const NO_KEY = 'session';

const ended = new Set<() => void>();

/** Called when an answer says that the session is over. @returns a function that ends it. */
export function onSessionEnd(listener: () => void): () => void {
  ended.add(listener);
  return () => void ended.delete(listener);
}

/** As the client makes it, with the cookie instead of a key. */
async function sameOrigin(url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.delete('authorization');
  const response = await fetch(url, { ...init, headers, credentials: 'same-origin' });
  noteServerTime(response.headers);
  if (response.status === 401) for (const listener of ended) listener();
  return response;
}

/** The only way to the gateway's data. */
export const gateway = new EmailGateway({
  url: location.origin,
  apiKey: NO_KEY,
  fetch: sameOrigin,
  // A screen asks again by itself; a page that waits a minute for an answer only hides an outage.
  timeoutMs: 15_000,
  deadlineMs: 20_000,
  maxRetries: 1,
});

export const isNotFound = (error: unknown): boolean => error instanceof GatewayProblem && error.code === 'not_found';
