import type { Fault } from '../../faults/fault.js';
import type { VendorAnswer, VendorVoice } from '../../http/vendor-voice.js';
import { failure } from './envelope.js';

interface Words {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** The default answer of each fault kind; `status`, `code` and `message` of a fault replace its parts. */
function wordsFor(fault: Fault): Words {
  switch (fault.kind) {
    case 'throttle_429':
      return { status: fault.style === 'http' ? 429 : 200, code: -2043, message: 'Too many mails. Try again later.' };
    case 'quota':
      return { status: fault.style === 'http' ? 429 : 200, code: -2043, message: 'Quota exceeded.' };
    case 'credentials':
    case 'clock_skew':
      return { status: fault.style === 'http' ? 401 : 200, code: -1000, message: 'Invalid appKey.' };
    // The reply after the end of support is unknown (nhn.md §0.1); "no such API" stands in for it.
    case 'retired':
      return { status: 200, code: -9998, message: 'This API has reached its end of support.' };
    default:
      return { status: 500, code: -9999, message: 'Internal error.' };
  }
}

export const nhnVoice: VendorVoice = {
  faultAnswer(fault): VendorAnswer {
    const words = wordsFor(fault);
    const body = failure(Number(fault.code ?? words.code), fault.message ?? words.message);
    return { status: fault.status ?? words.status, body };
  },
};
