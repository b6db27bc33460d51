import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ProviderAccountRepository } from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import { CONNECTED, type Connected } from '../shared/providers.module.js';
import type { Timing } from '../shared/timing.js';

/** Milliseconds beyond the longest request, in which its outcome is noted. */
const NOTED_MS = 1000;

/** Has an account that is paused because of its credentials tried again as soon as it has new ones. */
@Injectable()
export class TryNewSecretsService implements OnModuleInit, OnApplicationShutdown {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly accounts: ProviderAccountRepository,
    @Inject(CONNECTED) private readonly connected: Connected,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.connected.onNewSecrets?.((account) => void this.run(account));
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** Once more when requests that still carry the old secrets have ended: such a one may pause the account again. */
  private async run(account: string): Promise<void> {
    await this.tryNow(account);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.tryNow(account);
    }, this.timing.providerTimeoutMs + NOTED_MS).unref();
    this.timers.add(timer);
  }

  /** Without the database, the account is tried when its time comes. */
  private async tryNow(account: string): Promise<void> {
    try {
      await this.accounts.probeCredentials(account);
    } catch (error) {
      this.log.warn({ account, err: error }, 'the new secrets of the account are not tried at once');
    }
  }
}
