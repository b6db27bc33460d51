import { GatewayProblem } from '@gateway/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { KeyBrake } from '../access/key-brake.js';
import { rulesFor } from '../http/route-rules.js';
import type { InboundAccounts } from './inbound-accounts.js';
import type { PushPace } from './push-pace.js';

const accounts = new WeakMap<FastifyRequest, string>();

/** The account whose vendor pushes, as a client of the door; absent for all other requests. */
export const inboundClientOf = (request: FastifyRequest): string | undefined => accounts.get(request);

/**
 * Checks the token of a push and the pace of its account before a byte of its body is read. An unknown account is answered
 * like a wrong token.
 */
export function installInbound(
  fastify: FastifyInstance,
  inbound: InboundAccounts,
  { brake, pace }: { readonly brake: KeyBrake; readonly pace: PushPace },
): void {
  fastify.addHook('onRequest', async (request) => {
    if (rulesFor(request).inbound !== true) return;
    const { account = '', token = '' } = request.params as { account?: string; token?: string };
    if (!inbound.accepts(account, token)) throw (await brake.slow(request, 'unknown')) ?? unknownAccount();
    pace.enter(account);
    accounts.set(request, `inbound:${account}`);
  });
  fastify.addHook('preHandler', async (request) => {
    if (rulesFor(request).inbound !== true || !Buffer.isBuffer(request.body)) return;
    pace.count((request.params as { account: string }).account, request.body.length);
  });
}

const unknownAccount = (): GatewayProblem =>
  new GatewayProblem('not_found', 'No account receives pushes at this path.');
