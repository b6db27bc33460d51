import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe(Metrics.name, () => {
  it('makes a metric once by name', async () => {
    const sut = new Metrics({ process: 'api', defaults: false });
    sut.counter('gateway_sends_total', 'Sends', ['provider']).inc({ provider: 'ncp' });
    sut.counter('gateway_sends_total', 'Sends', ['provider']).inc({ provider: 'ncp' });
    sut.gauge('gateway_lag_seconds', 'Lag').set(3);
    sut.histogram('gateway_call_seconds', 'Calls', [], [1, 2]).observe(1.5);
    const text = await sut.text();
    expect(text).toContain('gateway_sends_total{provider="ncp",process="api"} 2');
    expect(text).toContain('gateway_lag_seconds{process="api"} 3');
    expect(text).toContain('gateway_call_seconds_bucket{le="2",process="api"} 1');
  });

  it('keeps two registries apart and has default metrics', async () => {
    const [a, b] = [new Metrics({ process: 'a' }), new Metrics({ process: 'b', defaults: false })];
    a.counter('gateway_x_total', 'X').inc();
    expect(await a.text()).toContain('process_cpu_seconds_total');
    expect(await b.text()).not.toContain('gateway_x_total');
    expect(a.contentType).toContain('text/plain');
  });

  it('makes one look-up for concurrent scrapes, and another when it is stale', async () => {
    const sut = new Metrics({ process: 'api', defaults: false });
    let times = 0;
    sut.beforeScrape(
      async () => {
        await sleep(20);
        sut.gauge('gateway_times', 'Times').set((times += 1));
      },
      { forMs: 100, forTimesItsCost: 0 },
    );
    const [first, second] = await Promise.all([sut.text(), sut.text()]);
    expect([first, second, await sut.text()]).toEqual(Array(3).fill(expect.stringMatching(/^gateway_times\{.*\} 1$/m)));
    await sleep(150);
    expect(await sut.text()).toMatch(/^gateway_times\{.*\} 2$/m);
  });

  it('keeps an expensive look-up for longer', async () => {
    const sut = new Metrics({ process: 'api', defaults: false });
    let times = 0;
    const slow = async (): Promise<void> => void (await sleep(50), (times += 1));
    sut.beforeScrape(slow, { forMs: 0, forTimesItsCost: 100 });
    await sut.text();
    await sleep(200);
    await sut.text();
    expect(times).toBe(1);
  });

  it('shows the last value when a look-up fails, and tries again', async () => {
    const sut = new Metrics({ process: 'api', defaults: false });
    const results = [1, new Error('away'), 3];
    sut.beforeScrape(async () => {
      const result = results.shift();
      if (result instanceof Error) throw result;
      sut.gauge('gateway_result', 'Result').set(result ?? 0);
    });
    const seen = [await sut.text(), await sut.text(), await sut.text()].map((text) => /\} (\d)/.exec(text)?.[1]);
    expect(seen).toEqual(['1', '1', '3']);
  });
});
