import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Metrics } from '../metrics/metrics.js';
import { PROBLEM_MEDIA_TYPE } from '../problem/problem-document.js';
import { HealthChecks } from './health-checks.js';
import { startOperationsServer, type OperationsServer } from './operations-server.js';

describe(startOperationsServer.name, () => {
  let server: OperationsServer;
  let healthy: boolean;

  beforeEach(async () => {
    healthy = true;
    const checks = new HealthChecks().add('queue', async () => {
      if (!healthy) throw new Error('away');
    });
    const metrics = new Metrics({ process: 'worker', defaults: false });
    metrics.counter('gateway_x_total', 'X').inc();
    server = await startOperationsServer({ port: 0, host: '127.0.0.1', checks, metrics });
  });
  afterEach(() => server.close());

  const call = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method });

  it('is alive, and ready while its parts are', async () => {
    expect((await call('/health/live')).status).toBe(200);
    expect((await call('/health/ready?x')).status).toBe(200);
    healthy = false;
    const away = await call('/health/ready');
    expect([away.status, await away.json()]).toEqual([503, { status: 'down', checks: { queue: expect.anything() } }]);
    expect((await call('/health/live')).status).toBe(200);
  });

  it('exposes the metrics', async () => {
    const answer = await call('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('gateway_x_total{process="worker"} 1');
  });

  it('answers anything else with a problem', async () => {
    const expected = [
      ['/v1/messages', 'GET', 404, 'not_found'],
      ['/constructor', 'GET', 404, 'not_found'],
      ['/metrics', 'POST', 405, 'method_not_allowed'],
    ] as const;
    for (const [path, method, status, code] of expected) {
      const answer = await call(path, method);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, PROBLEM_MEDIA_TYPE]);
      expect(await answer.json()).toMatchObject({ status, code });
    }
    expect((await call('/metrics', 'PUT')).headers.get('allow')).toBe('GET, HEAD');
    const head = await call('/health/live', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('says when its port is taken', async () => {
    const metrics = new Metrics({ process: 'worker', defaults: false });
    const second = startOperationsServer({ port: server.port, host: '127.0.0.1', checks: new HealthChecks(), metrics });
    await expect(second).rejects.toThrow('EADDRINUSE');
  });
});
