import type { Fault } from '../../faults/fault.js';
import type { VendorAnswer, VendorVoice } from '../../http/vendor-voice.js';

/** A refusal in the vendor's words. */
export class AcmeError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly recipients?: readonly object[],
  ) {
    super(message);
  }

  body(): object {
    const { code, message: text, recipients } = this;
    return { code, text, ...(recipients && { recipients }) };
  }
}

function answerTo({ kind }: Fault): VendorAnswer {
  switch (kind) {
    case 'throttle_429':
    case 'quota':
      return { status: 429, body: { code: 'too_many', text: 'Too many requests.' } };
    case 'credentials':
      return { status: 401, body: { code: 'unauthorized', text: 'The token is wrong.' } };
    default:
      return { status: 500, body: { code: 'internal', text: 'Something broke.' } };
  }
}

export const acmeVoice: VendorVoice = { faultAnswer: answerTo };
