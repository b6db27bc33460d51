import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 150;
const NOTICE_MS = 60_000;

/** Asks until the URL answers 200. Says so once when that takes long; a process that keeps dying says why itself. */
export const waitUntilUp = async (url: string, signal: AbortSignal, say: (line: string) => void): Promise<void> => {
  const noticeAt = performance.now() + NOTICE_MS;
  let noticed = false;
  while (!(await isUp(url, signal))) {
    if (!noticed && performance.now() > noticeAt) {
      noticed = true;
      say(`still waiting for ${url}`);
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
};

const isUp = async (url: string, signal: AbortSignal): Promise<boolean> => {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    signal.throwIfAborted();
    return false;
  }
};
