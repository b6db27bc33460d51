import { describe, expect, it } from '@jest/globals';
import { HealthChecks } from './health-checks.js';

describe(HealthChecks.name, () => {
  it('is up when every check is', async () => {
    const sut = new HealthChecks().add('database', async () => undefined).add('queue', async () => undefined);
    const report = await sut.report();
    expect(report).toMatchObject({ status: 'up', checks: { database: { status: 'up' }, queue: { status: 'up' } } });
  });

  it('is down when one fails, and keeps the error to itself', async () => {
    const failures: unknown[] = [];
    const sut = new HealthChecks({ onDown: (name, error) => failures.push(name, error) });
    const error = new Error('password of 10.0.0.1');
    sut.add('database', () => Promise.reject(error)).add('queue', async () => undefined);
    const report = await sut.report();
    expect(report.status).toBe('down');
    expect(report.checks['database']).toMatchObject({ status: 'down', reason: 'failed' });
    expect(JSON.stringify(report)).not.toContain('password');
    expect(failures).toEqual(['database', error]);
  });

  it('is busy when one takes no more and none is down, and says why', async () => {
    const sut = new HealthChecks().add('door', async () => ({ busy: 'backlog' })).add('queue', async () => undefined);
    expect(await sut.report()).toMatchObject({
      status: 'busy',
      checks: { door: { status: 'busy', reason: 'backlog' } },
    });
    sut.add('database', () => Promise.reject(new Error('away')));
    expect((await sut.report()).status).toBe('down');
  });

  it('is degraded when it does without a part, unless another one is worse', async () => {
    const sut = new HealthChecks().add('queue', async () => ({ degraded: 'away' })).add('disk', async () => undefined);
    expect(await sut.report()).toMatchObject({
      status: 'degraded',
      checks: { queue: { status: 'degraded', reason: 'away' }, disk: { status: 'up' } },
    });
    sut.add('door', async () => ({ busy: 'backlog' }));
    expect((await sut.report()).status).toBe('busy');
  });

  it('does not wait longer than its timeout, even for a check that ignores the signal', async () => {
    const sut = new HealthChecks({ timeoutMs: 50 }).add('hung', () => new Promise(() => undefined));
    expect((await sut.report()).checks['hung']).toMatchObject({ status: 'down', reason: 'timeout' });
  });

  it('refuses a second check of the same name', () => {
    const sut = new HealthChecks().add('database', async () => undefined);
    expect(() => sut.add('database', async () => undefined)).toThrow('already');
  });
});
