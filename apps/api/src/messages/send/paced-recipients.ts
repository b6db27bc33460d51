import type { Recipient } from '@gateway/core';
import type { KeyOwner } from '@gateway/database';
import type { FastifyRequest } from 'fastify';
import type { KeyPace } from '../../access/pace/key-pace.js';

type Recipients = readonly Recipient[] | AsyncIterable<readonly Recipient[]>;

/**
 * Holds a message to the recipients that its key may send to per second. A stream and an audience go when something is
 * left of the second; their recipients are counted while they are read, and when they are found.
 * @throws GatewayProblem `rate_limited`.
 */
export async function pacedRecipients(
  pace: KeyPace,
  request: FastifyRequest,
  owner: KeyOwner,
  recipients: Recipients,
): Promise<Recipients> {
  const isKnown = Symbol.iterator in recipients;
  await pace.recipients(request, owner, isKnown ? countedAtAccept(recipients) : 1);
  return isKnown ? recipients : counted(recipients, (count) => pace.streamed(owner, count));
}

/** A message to an audience, whose recipients are not known yet, counts as one. */
export const countedAtAccept = (recipients: readonly Recipient[]): number => Math.max(1, recipients.length);

async function* counted(
  pages: AsyncIterable<readonly Recipient[]>,
  charge: (count: number) => void,
): AsyncGenerator<readonly Recipient[]> {
  let uncharged = -1;
  for await (const page of pages) {
    yield page;
    uncharged += page.length;
  }
  if (uncharged > 0) charge(uncharged);
}
