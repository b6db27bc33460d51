import type { MessageDetail } from '@gateway/database';

const FINAL: ReadonlySet<string> = new Set(['completed', 'partially_failed', 'failed', 'cancelled']);
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/**
 * Asks again until the message is final, the time is over or there is no more use in waiting
 * (the caller has gone away, the process is stopping).
 * @returns the message as it stands then.
 */
export async function waitUntilFinal(
  find: () => Promise<MessageDetail>,
  waitMs: number,
  isPointless: () => boolean,
): Promise<MessageDetail> {
  const deadline = performance.now() + waitMs;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const message = await find();
    const left = deadline - performance.now();
    if (FINAL.has(message.status) || left <= 0 || isPointless()) return message;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, left)));
  }
}
