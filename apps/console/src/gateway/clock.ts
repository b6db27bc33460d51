/** Milliseconds that the gateway's clock is ahead of the browser's. The browser's may be wrong. */
let ahead = 0;

export function noteServerTime(headers: Headers): void {
  const sent = Date.parse(headers.get('date') ?? '');
  // The header counts whole seconds.
  if (Number.isFinite(sent) && Math.abs(sent - Date.now() - ahead) > 1500) ahead = sent - Date.now();
}

/** The gateway's time. */
export const now = (): number => Date.now() + ahead;
