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

/** @param connected whether the connection had been made */
export function toEgressError(error: unknown, connected: boolean): EgressError {
  if (error instanceof EgressError) return error;
  const { name, code = '', message } = error as NodeJS.ErrnoException;
  const isLate = name === 'TimeoutError' || TIMEOUT_CODES.includes(code);
  const [kind, words] = isLate
    ? late(connected)
    : connected
      ? unanswered(code || message)
      : unconnected(code || message);
  return new EgressError(kind, words, { cause: error });
}

const late = (connected: boolean): [EgressCode, string] => [
  'E_TIMEOUT',
  connected ? 'no answer in time' : 'no connection in time',
];

const unconnected = (reason: string): [EgressCode, string] =>
  TLS_CODE.test(reason) ? ['E_TLS', `TLS failed: ${reason}`] : ['E_CONNECT', `the connection failed: ${reason}`];

function unanswered(reason: string): [EgressCode, string] {
  if (TLS_CODE.test(reason)) return ['E_TLS', `TLS failed: ${reason}`];
  if (reason.startsWith('HPE_')) return ['E_HTTP', 'the answer is not HTTP'];
  return ['E_HTTP', `the connection was closed without a complete answer: ${reason}`];
}
