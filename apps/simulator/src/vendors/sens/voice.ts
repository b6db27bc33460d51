import type { Fault } from '../../faults/fault.js';
import type { VendorVoice } from '../../http/vendor-voice.js';
import { commonError, gatewayError, quotaError, unauthenticated, type SensError } from './errors.js';

function defaultFor(fault: Fault): SensError {
  switch (fault.kind) {
    case 'throttle_429':
      return gatewayError(429, '420', 'Rate Limited');
    case 'quota':
      return quotaError(fault.style === 'gateway' || fault.style === 'http' ? 'gateway' : 'service');
    case 'credentials':
      return unauthenticated('fault: credentials');
    case 'clock_skew':
      return unauthenticated('fault: clock_skew');
    case 'retired':
      return gatewayError(404, '300', 'Not Found Exception');
    default:
      return commonError(500, 'Internal Server Error', 'fault');
  }
}

export const sensVoice: VendorVoice = {
  faultAnswer(fault) {
    const { refusal } = defaultFor(fault);
    const { code = refusal.code, message = refusal.message, status = refusal.status } = fault;
    const body =
      refusal.shape === 'common' ? { status, error: code, message } : { error: { errorCode: code, message } };
    return { status, body };
  },
};
