import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { freshDatabase } from '@gateway/testing';
import { Database } from '../database.js';
import { KeyPaceRepository, type PaceGrant } from './key-pace.repository.js';

describe('the rate of a key, shared by all apis', () => {
  let database: Database;
  let paces: KeyPaceRepository;
  let keyId: string;

  beforeAll(async () => {
    const onError = (error: Error): void => {
      throw error;
    };
    database = new Database({ url: await freshDatabase(), connections: 12, applicationName: 'spec', onError });
    paces = new KeyPaceRepository(database);
  }, 120_000);
  beforeEach(() => void (keyId = newUuid()));
  afterAll(() => database?.close());

  const MOST = 100;
  const take = async (needed: number, wanted = needed, owed = 0): Promise<PaceGrant> => {
    const [grant] = await paces.take([{ keyId, kind: 'requests', most: MOST, owed, needed, wanted }]);
    return grant as PaceGrant;
  };
  /** The next second begins. */
  const pass = (seconds: number) =>
    database.pool.query(`UPDATE key_pace SET since = since - make_interval(secs => $1)`, [seconds]);
  const granted = async (...given: Parameters<typeof take>): Promise<number> => (await take(...given)).granted;

  it('is given out to the last one, and no further, however many apis ask at once', async () => {
    const grants = await Promise.all(Array.from({ length: 40 }, () => granted(3, 7)));
    expect(grants.reduce((sum, grant) => sum + grant, 0)).toBeGreaterThanOrEqual(MOST - 2);
    expect(grants.reduce((sum, grant) => sum + grant, 0)).toBeLessThanOrEqual(MOST);
    expect(await granted(3)).toBe(0);
  });

  it('is there again in the next second', async () => {
    expect(await granted(MOST)).toBe(MOST);
    expect(await take(1)).toMatchObject({ granted: 0, remaining: 0 });
    await pass(1);
    expect(await take(1)).toMatchObject({ granted: 1, remaining: MOST - 1 });
  });

  it('pays for what was let through beyond it', async () => {
    expect(await granted(350)).toBe(350);
    for (const expected of [0, 0, 50]) {
      await pass(1);
      expect(await granted(1, MOST)).toBe(expected);
    }
    await pass(60);
    expect(await granted(1, 1, 60)).toBe(1);
    expect((await take(0)).remaining).toBe(MOST - 61);
  });

  it('is not lost when the clock of the database is set back', async () => {
    await granted(MOST);
    await pass(-3600);
    expect(await granted(1)).toBe(0);
    await pass(1);
    expect(await granted(1)).toBe(1);
  });
});
