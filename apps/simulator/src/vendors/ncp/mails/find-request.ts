import type { FastifyRequest } from 'fastify';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import { mailNumberOf, ncpMailId } from '../ids.js';
import type { Simulator } from '../../../state/simulator.js';
import { notFound } from '../errors.js';
import { scopeOf } from '../scope.js';

/** The visible request with this id in the caller's region; throws 77103. */
export function requestById(simulator: Simulator, call: FastifyRequest, requestId: string): AcceptedRequest {
  const found = simulator.requests.byId(requestId);
  if (!found || !isVisible(simulator, call, found)) throw notFound(`requestId ${requestId} does not exist`);
  return found;
}

/** The visible request and the position of the mail in it; throws 77103. */
export function mailById(simulator: Simulator, call: FastifyRequest, mailId: string) {
  const number = mailNumberOf(mailId);
  const request = number === undefined ? undefined : simulator.requests.byMailNumber(number);
  const mail = (number ?? 0) - (request?.firstMail ?? 0);
  if (!request || mailIdOf(request, mail) !== mailId || !isVisible(simulator, call, request)) {
    throw notFound(`mailId ${mailId} does not exist`);
  }
  return { request, mail };
}

export const mailIdOf = (request: AcceptedRequest, mail: number): string =>
  ncpMailId(request.course.acceptedAt, request.firstMail + mail);

const isVisible = (simulator: Simulator, call: FastifyRequest, request: AcceptedRequest): boolean =>
  request.provider === 'ncp' && request.scope === scopeOf(call) && request.visibleAt <= simulator.now();
