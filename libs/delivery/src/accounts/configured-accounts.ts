import { Inject, Injectable } from '@nestjs/common';
import { StrandedAccountRepository } from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import { ProviderDirectory } from '../shared/provider-directory.js';
import type { Timing } from '../shared/timing.js';

/** Sweeps that every process with an account may miss before the account counts as gone. */
const MISSED_SWEEPS = 4;

export const unconfigured = (account: string): string => `no account "${account}" is configured`;

/**
 * Which accounts have a process. In a rolling restart processes differ in their accounts, so an account is stranded only
 * when all of them have been silent about it.
 */
@Injectable()
export class ConfiguredAccounts {
  private known: ReadonlySet<string> = new Set();

  constructor(
    private readonly accounts: StrandedAccountRepository,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Pick<Timing, 'recoveryIntervalMs'>,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Accounts that no process has, as the last sweep found them. */
  get stranded(): ReadonlySet<string> {
    return this.known;
  }

  /** Notes the accounts of this process, and finds those that no process has. */
  async sweep(): Promise<void> {
    const { accounts, providers, timing, log } = this;
    const returned = await accounts.noteConfigured(providers.names);
    for (const provider of returned) log.warn({ provider }, 'the account is configured again; its mail goes on');
    const found = await accounts.findStranded(providers.names, MISSED_SWEEPS * timing.recoveryIntervalMs);
    for (const provider of found) {
      if (!this.known.has(provider)) log.warn({ provider }, 'no process has this account; its mail is stranded');
    }
    this.known = new Set(found);
  }
}
