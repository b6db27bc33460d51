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
});
