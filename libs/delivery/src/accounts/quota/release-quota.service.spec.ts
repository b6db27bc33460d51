import { beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderAccountRepository, QuotaRepository } from '@gateway/database';
import { CONFIG } from '@gateway/platform';
import { serviceWith } from '@gateway/testing';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { ReleaseQuotaService } from './release-quota.service.js';

describe(ReleaseQuotaService.name, () => {
  let used: number;
  let quota: { readonly recipients: number } | undefined;
  let released: (number | null)[];
  let sut: ReleaseQuotaService;

  beforeEach(async () => {
    [used, quota, released] = [0, { recipients: 10 }, []];
    sut = await serviceWith(ReleaseQuotaService, [
      [ProviderAccountRepository, { find: async () => [{ name: 'one', usedInPeriod: used, usedUpAt: null }] }],
      [QuotaRepository, { release: async (_name: string, left: number | null) => released.push(left) }],
      [ProviderDirectory, { names: ['one'], find: () => ({ capabilities: { limits: { quota } } }) }],
      [CONFIG, { retryMaxMs: 1000 }],
    ]);
  });

  const sweepWith = async (...all: readonly number[]): Promise<readonly (number | null)[]> => {
    for (const one of all) {
      used = one;
      await sut.sweep();
    }
    return released;
  };

  it('looks for what waits when it begins, and again only when room was added', async () => {
    expect(await sweepWith(0, 3, 7, 7)).toEqual([10]);
    expect(await sweepWith(10, 10)).toEqual([10]);
    expect(await sweepWith(4)).toEqual([10, 6]);
    expect(await sweepWith(5, 0)).toEqual([10, 6, 10]);
  });

  it('looks once for an account without a quota', async () => {
    quota = undefined;
    expect(await sweepWith(0, 3, 7)).toEqual([null]);
  });
});
