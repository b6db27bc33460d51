import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { TrackingRepository } from '@gateway/database';
import { CONFIG, LOGGER, silentLogger, STOPPING } from '@gateway/platform';
import { serviceWith } from '@gateway/testing';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { PollRecorder } from './record-polls.js';
import { TrackBatchesService } from './track-batches.service.js';

/** Accounts that do not answer until the test lets them. */
async function aTracker(recipientCount: number) {
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
        return { begun: true, moved: false, cursor: undefined };
      },
    }),
  };
  const finished: string[] = [];
  const findBatches = async (ids: readonly string[]) =>
    ids.map((id) => ({ id, provider: id.split('/')[0], providerRequestId: id, recipientCount, dueAt: new Date() }));
  const finish = async ({ batch }: { batch: { id: string } }) => void finished.push(batch.id);
  const service = await serviceWith(TrackBatchesService, [
    [TrackingRepository, { findBatches }],
    [PollRecorder, { finish }],
    [ProviderDirectory, providers],
    [CONFIG, { providerTimeoutMs: 1000 }],
    [LOGGER, silentLogger()],
    [STOPPING, new AbortController().signal],
  ]);
  return { service, asked, finished, answer };
}

const batchesOf = (provider: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${provider}/${i}`);

async function someTurns(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await turn();
}

describe(TrackBatchesService.name, () => {
  it('asks an account about few large requests at a time, then about all; others do not wait for it', async () => {
    const { service, asked, finished, answer } = await aTracker(1000);
    const tracked = Promise.all([service.execute(batchesOf('one', 20)), service.execute(batchesOf('two', 3))]);
    await someTurns();
    expect(asked.filter((name) => name === 'one')).toHaveLength(8);
    expect(asked.filter((name) => name === 'two')).toHaveLength(3);
    answer();
    await tracked;
    expect(finished).toHaveLength(23);
  });

  it('keeps reports from before a poll failed', async () => {
    const written: unknown[] = [];
    const failed: string[] = [];
    const providers = {
      find: () => ({
        async *poll() {
          yield [{ address: 'a@example.com', status: 'delivered' }];
          yield [{ address: 'b@example.com', status: 'delivered' }];
          throw new Error('the third page is nonsense');
        },
      }),
    };
    const tracking = {
      findBatches: async (ids: readonly string[]) =>
        ids.map((id) => ({ id, providerRequestId: id, recipientCount: 3, dueAt: new Date() })),
      failPoll: async (id: string) => void failed.push(id),
    };
    const write = async (_batch: unknown, reports: readonly { address: string }[]) =>
      void written.push(...reports.map(({ address }) => address));
    const service = await serviceWith(TrackBatchesService, [
      [TrackingRepository, tracking],
      [PollRecorder, { write }],
      [ProviderDirectory, providers],
      [CONFIG, { providerTimeoutMs: 1000 }],
      [LOGGER, silentLogger()],
      [STOPPING, new AbortController().signal],
    ]);
    await service.execute(['one']);
    expect([written, failed]).toEqual([['a@example.com', 'b@example.com'], ['one']]);
  });

  it('asks about single mails at once', async () => {
    const { service, asked, answer } = await aTracker(1);
    const tracked = service.execute(batchesOf('one', 20));
    await someTurns();
    expect(asked).toHaveLength(20);
    answer();
    await tracked;
  });
});
