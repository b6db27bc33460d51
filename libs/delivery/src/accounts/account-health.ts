import { Inject, Injectable } from '@nestjs/common';
import type { Accepted, ProviderWords, Refused } from '@gateway/core';
import { ProviderAccountRepository } from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import type { Timing } from '../shared/timing.js';

/** One request is cheap; mail that waits after an outage is not. */
const LONGEST_BETWEEN_PROBES_MS = 15_000;

/** No verdict came: the request may have been taken. */
export interface Unconfirmed {
  readonly outcome: 'unconfirmed';
  readonly detail: string;
  readonly provider: ProviderWords;
}

export type Outcome = Accepted | Refused | Unconfirmed;

/** Code and message of the provider; of an answer without words, its status. */
export const wordsOf = ({ code, message, httpStatus }: ProviderWords): string =>
  [code, message].filter(Boolean).join(' ') || (httpStatus === undefined ? '' : `HTTP ${httpStatus}`);

/**
 * Draws from each outcome what it says of the account, for all workers: a verdict on a mail shows that the provider
 * works; refused credentials pause the account; failures in a row open its breaker.
 */
@Injectable()
export class AccountHealth {
  constructor(
    private readonly accounts: ProviderAccountRepository,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async note(provider: string, outcome: Outcome): Promise<void> {
    const words = outcome.outcome === 'accepted' ? '' : wordsOf(outcome.provider) || outcome.outcome;
    if (outcome.outcome === 'unconfirmed') return this.noteFailure(provider, words);
    if (outcome.outcome === 'accepted' || isVerdictOnMail(outcome)) return this.noteSuccess(provider);
    return this.noteRefusal(provider, outcome, words);
  }

  private async noteRefusal(provider: string, refused: Refused, words: string): Promise<void> {
    const { accounts } = this;
    if (refused.reason === 'auth_failed') return this.noteCredentials(provider, words);
    if (refused.reason === 'quota') return;
    if (refused.retryAfterMs !== undefined) return accounts.coolDown(provider, words, refused.retryAfterMs);
    return this.noteFailure(provider, words);
  }

  private async noteSuccess(provider: string): Promise<void> {
    const recovered = await this.accounts.noteSuccess(provider);
    if (recovered) this.log.warn({ provider }, 'the account is in order again');
  }

  private async noteCredentials(provider: string, words: string): Promise<void> {
    const { accounts, timing, log } = this;
    const reason = `the provider refuses the credentials: ${words}`;
    const isNew = await accounts.pauseForCredentials(provider, reason, timing.retryMaxMs);
    if (isNew) log.error({ provider, reason }, 'the account is paused');
  }

  private async noteFailure(provider: string, words: string): Promise<void> {
    const { accounts, timing, log } = this;
    const maxMs = Math.min(timing.retryMaxMs, LONGEST_BETWEEN_PROBES_MS);
    const rule = { threshold: timing.breakerFailures, baseMs: timing.retryBaseMs, maxMs };
    const opened = await accounts.noteFailure(provider, words, rule);
    if (opened) log.error({ provider, words }, 'the account is left alone for a while');
  }
}

const isVerdictOnMail = ({ scope }: Refused): boolean => scope === 'batch' || scope === 'message';
