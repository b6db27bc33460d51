import type { Fault } from '../../faults/fault.js';
import type { VendorVoice } from '../../http/vendor-voice.js';
import { gatewayError, serviceError, unauthenticated, type NcpError } from './errors.js';
import { quotaError } from './quota.js';

/** The default answer of each fault kind; `status`, `code` and `message` of a fault replace its parts. */
function defaultFor(fault: Fault): NcpError {
  switch (fault.kind) {
    case 'throttle_429':
      return gatewayError(429, '410', 'Throttle Limited');
    case 'quota':
      return quotaError(fault.style === 'gateway' || fault.style === 'http' ? 'gateway' : 'service');
    case 'credentials':
      return unauthenticated('fault: credentials');
    case 'clock_skew':
      return unauthenticated('fault: clock_skew');
    // How v1 will answer after its end is unknown (ncp.md §0); a gateway without the route says 404/300.
    case 'retired':
      return gatewayError(404, '300', 'Not Found Exception');
    default:
      return serviceError(500, '77303', 'Internal server error');
  }
}

export const ncpVoice: VendorVoice = {
  faultAnswer(fault) {
    const answer = defaultFor(fault);
    const { error } = answer.body();
    const name = answer.source === 'service' ? 'code' : 'errorCode';
    const body = { error: { [name]: fault.code ?? answer.code, message: fault.message ?? error['message'] } };
    return { status: fault.status ?? answer.status, body };
  },
};
