export const egressCodes = ['E_TARGET_FORBIDDEN', 'E_DNS', 'E_CONNECT', 'E_TLS', 'E_TIMEOUT', 'E_HTTP'] as const;

export type EgressCode = (typeof egressCodes)[number];

/** A request to a caller's server that got no usable answer. */
export class EgressError extends Error {
  override readonly name = 'EgressError';

  constructor(
    readonly code: EgressCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const TLS_CODE = /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/;
const TIMEOUT_CODES = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];
const NO_CONNECTION = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'];

/** @param connected whether the connection had been made */
export function toEgressError(error: unknown, connected: boolean): EgressError {
  if (error instanceof EgressError) return error;
  const { name, code = '', message } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  if (name === 'TimeoutError' || TIMEOUT_CODES.includes(code)) {
    return new EgressError('E_TIMEOUT', connected ? 'no answer in time' : 'no connection in time', options);
  }
  if (TLS_CODE.test(code)) return new EgressError('E_TLS', `TLS failed: ${code}`, options);
  if (NO_CONNECTION.includes(code) || !connected) {
    return new EgressError('E_CONNECT', `the connection failed: ${code || message}`, options);
  }
  if (code.startsWith('HPE_')) return new EgressError('E_HTTP', 'the answer is not HTTP', options);
  return new EgressError('E_HTTP', `the connection was closed without a complete answer: ${code || message}`, options);
}
