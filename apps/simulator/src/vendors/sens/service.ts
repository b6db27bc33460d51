import type { FastifyRequest } from 'fastify';
import type { Simulator } from '../../state/simulator.js';
import { commonError, notFound, serviceError, type SensError } from './errors.js';
import { keysOf } from './keys.js';
import { settingsOf } from './state.js';

/** The service of a call; throws unless it exists and its mail channel is on (sens.md §1.2, §10). */
export function serviceOf(simulator: Simulator, call: FastifyRequest): string {
  const { serviceId = '' } = call.params as { serviceId?: string };
  const settings = settingsOf(simulator);
  if (serviceId !== keysOf(simulator).serviceId) {
    const reason = `service ${serviceId} does not exist`;
    throw settings.unknownService === 'not-found' ? notFound(reason, settings) : forbidden(simulator, reason);
  }
  if (settings.channel === 'off') throw forbidden(simulator, 'the mail channel of the project is off');
  return serviceId;
}

const forbidden = (simulator: Simulator, reason: string): SensError =>
  settingsOf(simulator).channelOffShape === 'service'
    ? serviceError(403, 'Forbidden', 'Forbidden', reason)
    : commonError(403, 'Forbidden', reason);
