import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ProviderAccountRepository } from '@gateway/database';
import { silentLogger } from '@gateway/platform';
import type { Connected } from '../shared/providers.module.js';
import type { Timing } from '../shared/timing.js';
import { TryNewSecretsService } from './try-new-secrets.service.js';

const TIMEOUT_MS = 30_000;

describe(TryNewSecretsService.name, () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function begin(probe: (name: string) => Promise<void>) {
    let renew: ((account: string) => void) | undefined;
    const connected: Connected = {
      providers: [],
      onNewSecrets: (listener) => void (renew = listener),
      close: async () => undefined,
    };
    const accounts = { probeCredentials: probe } as unknown as ProviderAccountRepository;
    const timing = { providerTimeoutMs: TIMEOUT_MS } as Timing;
    const service = new TryNewSecretsService(accounts, connected, timing, silentLogger());
    service.onModuleInit();
    return { service, renew: (account: string) => renew?.(account) };
  }

  it('tries at once, and again when a request with the old secrets cannot be under way any more', async () => {
    const tried: string[] = [];
    const { renew } = begin(async (name) => void tried.push(name));
    renew('ncp');
    await jest.advanceTimersByTimeAsync(0);
    expect(tried).toEqual(['ncp']);
    await jest.advanceTimersByTimeAsync(TIMEOUT_MS);
    expect(tried).toEqual(['ncp']);
    await jest.advanceTimersByTimeAsync(2000);
    expect(tried).toEqual(['ncp', 'ncp']);
  });

  it('tries again although the database was away, and not after the end', async () => {
    let tries = 0;
    const { service, renew } = begin(async () => {
      tries += 1;
      throw new Error('away');
    });
    renew('ncp');
    await jest.advanceTimersByTimeAsync(TIMEOUT_MS + 2000);
    expect(tries).toBe(2);
    renew('ncp');
    await jest.advanceTimersByTimeAsync(0);
    service.onApplicationShutdown();
    await jest.advanceTimersByTimeAsync(TIMEOUT_MS + 2000);
    expect(tries).toBe(3);
  });
});
