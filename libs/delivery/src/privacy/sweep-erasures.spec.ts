import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Database, ErasureRepository, type ErasingAddress, type MailPlace } from '@gateway/database';
import { CLOCK, CONFIG, LOGGER, STOPPING } from '@gateway/platform';
import { serviceWith } from '@gateway/testing';
import { MailEraser } from './erase-mail.js';
import { PersonEraser } from './erase-person.js';
import { SweepErasuresService } from './sweep-erasures.service.js';

const LARGE = {
  id: 'large',
  requestedAt: new Date(0),
  swept: true,
  clientId: null,
  mentions: null,
  passes: 0,
  leaseToken: 1,
};
const place = (n: number): MailPlace => ({ messageId: `m${n}`, position: 0 });

describe(SweepErasuresService.name, () => {
  afterEach(() => void jest.restoreAllMocks());

  /** One erasure without an end; each page takes a second, and has some mail under way. */
  async function sweep({ pendingOfPage = 0, pages = Infinity, begins = undefined as number | undefined } = {}) {
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const told: unknown[] = [];
    const from: (string | undefined)[] = [];
    let taken = 0;
    const address: ErasingAddress = {
      address: 'kim@example.com',
      mailErased: false,
      messageId: begins === undefined ? null : place(begins).messageId,
      position: begins === undefined ? null : 0,
    };
    const stopping = new AbortController();
    const service = await serviceWith(SweepErasuresService, [
      [Database, { repeatable: (work: (tx: object) => Promise<void>) => work({}) }],
      [
        ErasureRepository,
        {
          take: async () => (taken++ === 0 ? LARGE : undefined),
          findAddresses: async () => [address],
          advance: async () => undefined,
          noteWithoutMail: async () => [],
          notePlace: async (_: object, __: object, at: unknown) => void told.push(at),
          release: async (_: object, delayMs: number) => void told.push(`released for ${delayMs} ms`),
          wait: async (_: object, pending: number) => void told.push(`waits for ${pending}`),
        },
      ],
      [PersonEraser, { eraseCopies: async () => 0, eraseRest: async () => 0, countExpansions: async () => 0 }],
      [
        MailEraser,
        {
          erase: async (_: object, __: object, after?: MailPlace) => {
            from.push(after?.messageId);
            now += 10_000;
            const n = from.length;
            const next = n < pages ? place(n) : undefined;
            return { progress: {}, pending: pendingOfPage, clean: pendingOfPage > 0 ? undefined : place(n), next };
          },
        },
      ],
      [CONFIG, { leaseMs: 60_000, recoveryIntervalMs: 5000, retryMaxMs: 1000 }],
      [LOGGER, { error: (fields: { err: Error }) => void told.push(fields.err) }],
      [CLOCK, {}],
      [STOPPING, stopping.signal],
    ]);
    await service.execute();
    return { told, from };
  }

  it('gives other erasures a turn, and notes where the next one begins', async () => {
    const { told } = await sweep();
    expect(told.at(-1)).toBe('released for 0 ms');
    expect(told.slice(0, -1)).toEqual([place(1), place(2), place(3)]);
  });

  it('begins after what is erased without gaps', async () => {
    expect((await sweep({ begins: 7 })).from[0]).toBe('m7');
  });

  it('does not stop behind mail under way, where the next turn would do the same again', async () => {
    const { told, from } = await sweep({ pendingOfPage: 1, pages: 6 });
    expect(from).toHaveLength(6);
    expect(told).toEqual(['waits for 6']);
  });
});
