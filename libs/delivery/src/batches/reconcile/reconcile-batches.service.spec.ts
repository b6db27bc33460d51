import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FindQuery } from '@gateway/core';
import { ReconcileRepository } from '@gateway/database';
import { CONFIG } from '@gateway/platform';
import { serviceWith } from '@gateway/testing';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { DoubtEndings } from './doubt-endings.js';
import { ReconcileBatchesService } from './reconcile-batches.service.js';

const POSTED = new Date('2026-11-20T12:00:00Z');
const LOOKED_UP = new Date('2026-11-20T12:02:00Z');
const TIMING = { settleMs: 120_000, providerTimeoutMs: 30_000, leaseMs: 60_000 };
const BATCH = {
  id: '01990000-0000-7000-8000-000000000001',
  messageId: '01990000-0000-7000-8000-000000000002',
  provider: 'some',
  category: 'authentication',
  ofList: false,
  followerCount: 1,
  leaseToken: 1,
  lookupCount: 2,
  claimedAt: LOOKED_UP,
};
const CONTENT = {
  fromAddress: 'a@shop.example.com',
  fromName: null,
  subject: 'Hello',
  html: null,
  text: 'Hello',
  variables: {},
  headers: {},
  delivery: 'individual',
  category: 'authentication',
  attachmentIds: [],
  clientId: 'c',
};

const RECIPIENT = { position: 0, address: 'kim@example.com', name: null, type: 'to', variables: null };

describe(ReconcileBatchesService.name, () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['performance', 'setTimeout', 'queueMicrotask', 'nextTick'] }));
  afterEach(() => void jest.useRealTimers());

  /** One look-up by a worker whose clock shows that time. @returns what the provider is asked. */
  async function lookUpAt(workerTime: string): Promise<FindQuery> {
    jest.setSystemTime(new Date(workerTime));
    const asked: FindQuery[] = [];
    const find = async (query: FindQuery) => void asked.push(query);
    const reconcile = {
      claim: async () => [BATCH],
      findOpenAttempts: async () => [{ number: 1, marker: 'm', startedAt: POSTED, finishedAt: null, recipients: 1 }],
    };
    const outbound = { findContent: async () => CONTENT, findFirstFollower: async () => RECIPIENT };
    const service = await serviceWith(ReconcileBatchesService, [
      [ReconcileRepository, reconcile],
      [OutboundReader, outbound],
      [ProviderDirectory, { find: () => ({ find }) }],
      [CONFIG, TIMING],
      [DoubtEndings, { scheduleLookup: async () => true }],
    ]);
    await service.execute([BATCH.id]);
    expect(asked).toHaveLength(1);
    return asked[0] as FindQuery;
  }

  it.each(['2026-11-20T10:00:00Z', '2026-11-20T12:02:00Z', '2026-11-20T14:00:00Z', '2026-11-16T12:00:00Z'])(
    'looks where the request is, when the worker believes it is %s',
    async (workerTime) => {
      const { window } = await lookUpAt(workerTime);
      expect(window).toEqual({ from: POSTED, to: LOOKED_UP });
    },
  );
});
