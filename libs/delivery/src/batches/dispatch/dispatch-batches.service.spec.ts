import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BatchTransitions, RecoveryRepository, type Lease } from '@gateway/database';
import { CONFIG, LOGGER, silentLogger, STOPPING } from '@gateway/platform';
import { serviceWith } from '@gateway/testing';
import { AccountGate } from '../../accounts/account-gate.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { RecipientBudget } from '../../shared/recipient-budget.js';
import { BatchClaims } from './batch-claims.js';
import { DispatchBatchesService } from './dispatch-batches.service.js';

const LEASE_MS = 60_000;
const LARGE = 1000;

/** A worker with room for one large batch, whose preparation lasts until the test lets it continue. */
async function aWorker() {
  const stop = new AbortController();
  const [prepared, renewed, released]: [string[], string[], string[]] = [[], [], []];
  const leases = new Map<string, number>();
  const going: (() => void)[] = [];
  const deps = {
    claims: {
      claim: async (ids: readonly string[]) => {
        for (const id of ids) leases.set(id, Date.now() + LEASE_MS);
        return ids.map((id) => ({ id, messageId: id, provider: 'one', followerCount: LARGE, leaseToken: 1 }));
      },
    },
    transitions: {
      renewLease: async ({ batchId }: Lease) => {
        renewed.push(batchId);
        leases.set(batchId, Date.now() + LEASE_MS);
        return true;
      },
      release: async ({ batchId }: Lease) => void released.push(batchId),
    },
    recovery: { giveBack: async (ids: readonly string[]) => void released.push(...ids) },
    gate: {
      look: async () => 'open',
      withRoom: async <T>(_: string, __: string, work: (room: number) => Promise<T>) => work(Infinity),
      admit: async (_: string, batches: readonly unknown[]) => ({ admitted: batches, held: [] }),
    },
    providers: { find: () => ({}) },
    outbound: {
      findContent: async (id: string) => {
        prepared.push(id);
        await new Promise<void>((resolve) => going.push(resolve));
        return undefined;
      },
    },
    budget: new RecipientBudget(LARGE),
    timing: { leaseMs: LEASE_MS, providerTimeoutMs: 30_000 },
    stopping: stop.signal,
  };
  const service = await serviceWith(DispatchBatchesService, [
    [BatchClaims, deps.claims],
    [BatchTransitions, deps.transitions],
    [RecoveryRepository, deps.recovery],
    [AccountGate, deps.gate],
    [ProviderDirectory, deps.providers],
    [OutboundReader, deps.outbound],
    [RecipientBudget, deps.budget],
    [CONFIG, deps.timing],
    [STOPPING, deps.stopping],
    [LOGGER, silentLogger()],
  ]);
  const expired = () => [...leases].filter(([, until]) => until <= Date.now()).map(([id]) => id);
  return { service, prepared, renewed, released, expired, stop, goOn: () => going.shift()?.() };
}

const LANE = { provider: 'nhn', category: 'marketing' } as const;

describe(DispatchBatchesService.name, () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('keeps the leases of batches that wait for memory, however long that takes', async () => {
    const worker = await aWorker();
    const executed = worker.service.execute(LANE, ['a', 'b', 'c']);
    for (const id of ['a', 'b', 'c']) {
      await jest.advanceTimersByTimeAsync(1.5 * LEASE_MS);
      expect(worker.prepared.at(-1)).toBe(id);
      worker.renewed.length = 0;
      // Its own lease is renewed when its attempt begins.
      expect(worker.expired().filter((other) => !worker.prepared.includes(other))).toEqual([]);
      worker.goOn();
    }
    await jest.advanceTimersByTimeAsync(LEASE_MS);
    await executed;
    expect(worker.renewed).toEqual([]);
  });

  it('gives batches that it has not begun back at shutdown', async () => {
    const worker = await aWorker();
    const executed = worker.service.execute(LANE, ['a', 'b', 'c']);
    await jest.advanceTimersByTimeAsync(1);
    worker.stop.abort();
    worker.goOn();
    await executed;
    await worker.service.execute(LANE, ['d']);
    expect([worker.prepared, worker.released]).toEqual([['a'], ['b', 'c', 'd']]);
  });
});
