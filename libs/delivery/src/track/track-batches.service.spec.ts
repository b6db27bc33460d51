import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { silentLogger } from '@gateway/platform';
import { TrackBatchesService } from './track-batches.service.js';

/** Accounts of which none answers until it is told to. */
function aTracker(recipientCount: number) {
  const asked: string[] = [];
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const providers = {
    find: (name: string) => ({
      name,
      async *poll() {
        asked.push(name);
        await answered;
        yield [];
        return { done: true, begun: true, moved: false, finished: 0, cursor: undefined };
      },
    }),
  };
  const finished: string[] = [];
  const findBatches = async (ids: readonly string[]) =>
    ids.map((id) => ({ id, provider: id.split('/')[0], providerRequestId: id, recipientCount, dueAt: new Date() }));
  const deps = {
    tracking: { findBatches },
    polls: { finish: async ({ batch }: { batch: { id: string } }) => void finished.push(batch.id) },
    providers,
    timing: { providerTimeoutMs: 1000 },
    log: silentLogger(),
    stopping: new AbortController().signal,
  };
  const service = new TrackBatchesService(deps as unknown as ConstructorParameters<typeof TrackBatchesService>[0]);
  return { service, asked, finished, answer };
}

const batchesOf = (provider: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${provider}/${i}`);

async function someTurns(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await turn();
}

describe(TrackBatchesService.name, () => {
  it('asks an account about few large requests at a time, then about all; others do not wait for it', async () => {
    const { service, asked, finished, answer } = aTracker(1000);
    const tracked = Promise.all([service.execute(batchesOf('one', 20)), service.execute(batchesOf('two', 3))]);
    await someTurns();
    expect(asked.filter((name) => name === 'one')).toHaveLength(8);
    expect(asked.filter((name) => name === 'two')).toHaveLength(3);
    answer();
    await tracked;
    expect(finished).toHaveLength(23);
  });

  it('asks about single mails at once', async () => {
    const { service, asked, answer } = aTracker(1);
    const tracked = service.execute(batchesOf('one', 20));
    await someTurns();
    expect(asked).toHaveLength(20);
    answer();
    await tracked;
  });
});
