/** Random parts keep clients apart that failed together. */
const FIRST_MS = 250;
const LONGEST_MS = 8_000;

/** Before retry `n` (from 0): half of a doubling time, and a random part of the other half. */
export function backOff(n: number, longestMs = LONGEST_MS): number {
  const most = Math.min(longestMs, FIRST_MS * 2 ** n);
  return most / 2 + (Math.random() * most) / 2;
}

/** Never earlier than the gateway asked, and not all at the same moment. */
export const notBefore = (retryAfterMs: number): number =>
  retryAfterMs + Math.random() * Math.min(1_000, retryAfterMs / 4);

/** Longest time that a timer can be set to; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws the reason of the signal, as it is */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slept = new Promise<void>((done) => (timer = setTimeout(done, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS))));
  return untilAborted(slept, signal).finally(() => clearTimeout(timer));
}

/** Also of a promise that ignores the signal. @throws the reason of the signal, as it is */
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

/** Seconds or a date, counted from the answer's own date where it has one. */
export function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const answered = Date.parse(headers.get('date') ?? '');
  return Math.max(0, at - (Number.isNaN(answered) ? Date.now() : answered));
}
