import { GatewayConnectionError } from '../errors.js';

/** Without a connection nothing was sent. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused)$/;
/** TLS failed. A retry would meet the same certificate. */
const NOT_SECURE = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

/** Of a port that `fetch` refuses. */
const BAD_PORT = 'bad port';

/** The error for a failed `fetch`. Its own text is only "fetch failed"; the cause has the reason. */
export function connectionError(thrown: unknown): GatewayConnectionError {
  const { code = '', message = '' } = deepest(thrown) as { readonly code?: string | number; readonly message?: string };
  // A retry would fail the same way.
  const permanent = NOT_SECURE.test(String(code)) || message === BAD_PORT;
  // Browsers give no reason.
  const sent = permanent || NOT_SENT.test(String(code)) ? 'no' : 'maybe';
  const words = message.trim() || code || 'for an unknown reason';
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
    // All addresses of a host were tried; the first error is as good as the others.
    const next = cause ?? (code === undefined ? errors?.[0] : undefined);
    if (typeof next !== 'object' || next === null) break;
    error = next;
  }
  return typeof error === 'object' && error !== null ? error : {};
}
