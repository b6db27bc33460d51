import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Timer } from './attempt.js';

const aTimer = () => new Timer({ url: '', method: 'GET', headers: {}, timeoutMs: 20 });

describe(Timer.name, () => {
  it('aborts when its time is over', async () => {
    const timer = aTimer();
    await sleep(60);
    expect(timer.signal.aborted).toBe(true);
    expect(timer.errorOf(new Error('aborted'))).toMatchObject({ name: 'GatewayTimeout' });
  });

  // A source that still answers would otherwise keep the process running until the timeout.
  it('does not run again after its end', async () => {
    const timer = aTimer();
    timer.end();
    timer.restart();
    await sleep(60);
    expect(timer.signal.aborted).toBe(false);
  });
});
