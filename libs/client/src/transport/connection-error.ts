import { GatewayConnectionError } from '../errors.js';

/** No connection was made, so nothing was sent. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused)$/;
/** No secure connection was made; a certificate is the same the next time. */
const NOT_SECURE = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

/** Of a port that `fetch` refuses. */
const BAD_PORT = 'bad port';

/** What `fetch` threw. Its own text is only "fetch failed"; the cause says why. */
export function connectionError(thrown: unknown): GatewayConnectionError {
  const { code = '', message = '' } = deepest(thrown) as { readonly code?: string | number; readonly message?: string };
  // The same would happen the next time.
  const permanent = NOT_SECURE.test(String(code)) || message === BAD_PORT;
  // Browsers say nothing but that it failed.
  const sent = permanent || NOT_SENT.test(String(code)) ? 'no' : 'maybe';
  const words = message || code || 'for an unknown reason';
  return new GatewayConnectionError(`no answer from the gateway: ${words}`, {
    sent,
    retryable: !permanent,
    cause: thrown,
  });
}

function deepest(thrown: unknown): object {
  let error: unknown = thrown;
  for (let depth = 0; depth < 5; depth += 1) {
    const { cause, errors, code } = (error ?? {}) as { cause?: unknown; errors?: readonly unknown[]; code?: unknown };
    // Several addresses were tried.
    const next = cause ?? (code === undefined ? errors?.[0] : undefined);
    if (typeof next !== 'object' || next === null) break;
    error = next;
  }
  return typeof error === 'object' && error !== null ? error : {};
}
