import type { Fault } from '../faults/fault.js';

/** A status and a JSON body in a vendor's words. */
export interface VendorAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** How a vendor says what a fault asks for: error_500, throttle_429, credentials, quota, retired, clock_skew. */
export interface VendorVoice {
  faultAnswer(fault: Fault): VendorAnswer;
}
