/** Back-off in milliseconds. Its random part separates clients that failed together. */
const FIRST_MS = 250;
const LONGEST_MS = 8_000;

/** Wait before retry `n` (from 0): half of a doubling time plus a random part of the other half. */
export function backOff(n: number, longestMs = LONGEST_MS): number {
  const most = Math.min(longestMs, FIRST_MS * 2 ** n);
  return most / 2 + (Math.random() * most) / 2;
}

/** Not earlier than the gateway asked, with a random part. */
export const notBefore = (retryAfterMs: number): number =>
  retryAfterMs + Math.random() * Math.min(1_000, retryAfterMs / 4);

/** Maximum of a timer. A longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws the reason of the signal, unchanged */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slept = new Promise<void>((done) => (timer = setTimeout(done, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS))));
  return untilAborted(slept, signal).finally(() => clearTimeout(timer));
}

/** Works with promises that ignore the signal, too. @throws the reason of the signal, unchanged */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the caller gave it
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** `Retry-After` in milliseconds. A date is compared with the answer's own `Date`, if there is one. */
export function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const answered = Date.parse(headers.get('date') ?? '');
  return Math.max(0, at - (Number.isNaN(answered) ? Date.now() : answered));
}
