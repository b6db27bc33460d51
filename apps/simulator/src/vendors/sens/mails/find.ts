import type { FastifyRequest } from 'fastify';
import type { AcceptedRequest } from '../../../state/accepted-request.js';
import type { Simulator } from '../../../state/simulator.js';
import { notFound } from '../errors.js';
import { sensMailId } from '../ids.js';
import { serviceOf } from '../service.js';
import { settingsOf } from '../state.js';

/** The visible request of the path; throws 404. */
export function requestOf(simulator: Simulator, call: FastifyRequest): AcceptedRequest {
  const scope = serviceOf(simulator, call);
  const { requestId = '' } = call.params as { requestId?: string };
  const found = visibleRequests(simulator, scope).find((request) => request.requestId === requestId);
  if (!found) throw notFound(`requestId ${requestId} does not exist`, settingsOf(simulator));
  return found;
}

export function visibleRequests(simulator: Simulator, scope: string): AcceptedRequest[] {
  const { historyMs } = settingsOf(simulator);
  const now = simulator.now();
  const since = historyMs === null ? 0 : now - historyMs;
  return simulator.requests.visible('sens', scope, now).filter(({ course }) => course.acceptedAt >= since);
}

export const mailIdOf = (request: AcceptedRequest, mail: number): string =>
  sensMailId(request.course.acceptedAt, request.firstMail + mail);

/** The position of a mail in a request, `undefined` for a mail of another. */
export function mailIn(request: AcceptedRequest, mailId: string): number | undefined {
  const number = Number.parseInt(/^\d{8}-M-.{10}([0-9A-V]{16})-101$/.exec(mailId)?.[1] ?? '', 32);
  const mail = number - request.firstMail;
  return mail >= 0 && mail < request.mailCount && mailIdOf(request, mail) === mailId ? mail : undefined;
}

export const sameAddress = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
