import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AuditRecord } from '@gateway/database';
import type { FastifyRequest } from 'fastify';
import { RefusedSignIns } from './refused-sign-ins.js';

describe(RefusedSignIns.name, () => {
  const written: AuditRecord[] = [];
  const audit = { recordUnnamed: async (entries: readonly AuditRecord[]) => void written.push(...entries) };
  const from = (ip: string) => ({ ip, id: 'request' }) as unknown as FastifyRequest;
  let refused: RefusedSignIns;

  beforeEach(() => {
    written.length = 0;
    jest.useFakeTimers();
    refused = new RefusedSignIns(audit, { error: () => undefined } as never);
  });
  afterEach(() => void jest.useRealTimers());

  const attempts = () => written.map(({ after }) => [after?.['ip'], after?.['attempts']]);

  it('writes the first refusal of a peer, and the number of further ones a minute later', async () => {
    for (let n = 0; n < 5; n += 1) await refused.note(from('192.0.2.1'), { reason: 'unknown' });
    await refused.note(from('192.0.2.2'), { reason: 'network', keyId: 'key_1' });
    expect(written).toEqual([
      { action: 'session.refuse', target: undefined, after: { reason: 'unknown', ip: '192.0.2.1', attempts: 1 } },
      { action: 'session.refuse', target: 'key_1', after: { reason: 'network', ip: '192.0.2.2', attempts: 1 } },
    ]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(attempts().slice(2)).toEqual([['192.0.2.1', 4]]);
    await refused.note(from('192.0.2.1'), { reason: 'unknown' });
    expect(attempts().slice(3)).toEqual([['192.0.2.1', 1]]);
  });

  it('writes a bounded number of entries, however many peers try', async () => {
    for (let n = 0; n < 3000; n += 1) await refused.note(from(`10.0.${n >> 8}.${n & 255}`), { reason: 'unknown' });
    await refused.beforeApplicationShutdown();
    expect(written).toHaveLength(101);
    expect(attempts().at(-1)).toEqual([null, 2900]);
  });

  it('leaves the refusal as it is when its entry cannot be written', async () => {
    const errors: unknown[] = [];
    const away = { recordUnnamed: () => Promise.reject(new Error('away')) };
    refused = new RefusedSignIns(away, { error: (...args: unknown[]) => void errors.push(args) } as never);
    await refused.note(from('192.0.2.1'), { reason: 'unknown' });
    expect(errors).toHaveLength(1);
  });
});
