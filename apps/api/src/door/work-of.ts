import type { FastifyRequest } from 'fastify';
import type { Work } from './turns.js';

/** Up to this many recipients a single mail is written together with others. */
const LIGHT_RECIPIENTS = 200;
/** The kind of work that a body beyond `SMALL_BODY_BYTES` counts as. */
export const LARGE_WEIGHT = 4;

type Members = Readonly<Record<string, unknown>>;

/** How a request is worked on, by its route and its parsed body. */
export function workOf(request: FastifyRequest, client: string): Work & { readonly isLight: boolean } {
  const { body } = request;
  const mail = request.method === 'POST' && request.routeOptions.url === '/v1/messages' ? members(body) : undefined;
  const urgency = mail?.['category'] === 'authentication' ? 'urgent' : 'ordinary';
  return { client, urgency, weight: 1, isLight: mail !== undefined && isLight(mail) };
}

/** Its Idempotency-Key, template and files are looked up and written together with those of others. */
const isLight = (mail: Members): boolean =>
  mail['audience'] === undefined &&
  members(mail['template'])?.['provider'] === undefined &&
  ['to', 'cc', 'bcc', 'recipients'].every((name) => lengthOf(mail[name]) <= LIGHT_RECIPIENTS);

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 1);

const members = (body: unknown): Members | undefined =>
  typeof body === 'object' && body !== null ? (body as Members) : undefined;
