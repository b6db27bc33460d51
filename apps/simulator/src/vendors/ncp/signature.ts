import type { FastifyRequest } from 'fastify';
import { signatureFault } from '../../http/apigw-signature.js';
import type { Simulator } from '../../state/simulator.js';
import { gatewayError, unauthenticated } from './errors.js';
import { keysOf } from './keys.js';
import { settingsOf } from './state.js';

/** Throws the gateway's refusal unless the call carries a fresh and correct signature (ncp.md §1.3). */
export function checkSignature(simulator: Simulator, request: FastifyRequest): void {
  const fault = signatureFault(request, keysOf(simulator), simulator.now());
  if (fault === undefined) return;
  const asPermission = fault.kind === 'unknown-key' && settingsOf(simulator).unknownKeyErrorCode === '210';
  throw asPermission ? gatewayError(401, '210', 'Permission Denied', fault.reason) : unauthenticated(fault.reason);
}
