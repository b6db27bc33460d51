import { Inject, Injectable } from '@nestjs/common';
import {
  Database,
  ErasureRepository,
  ErasureTakenError,
  type ErasureProgress,
  type MailPlace,
  type Queryable,
  type RemainingCopy,
  type TakenErasure,
} from '@gateway/database';
import { CONFIG, LOGGER, STOPPING, type Logger } from '@gateway/platform';
import { ProviderDirectory } from '../shared/provider-directory.js';
import type { Timing } from '../shared/timing.js';
import { type ErasedPage, MailEraser } from './erase-mail.js';
import { PersonEraser } from './erase-person.js';
import { digestOf, receiptOf } from './receipt.js';

const ADDRESSES_AT_ONCE = 100;
/** Mail that is under way is looked for again after this, at the latest. */
const LONGEST_PAUSE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Works on erasures, in short transactions. Each finds what is left, erases some of it and counts it, so a worker that
 * is lost leaves a state from which any other goes on. Mail that is not final is waited for.
 */
@Injectable()
export class SweepErasuresService {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasureRepository,
    private readonly mail: MailEraser,
    private readonly person: PersonEraser,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
  ) {}

  /** Works until none is due. */
  async execute(): Promise<void> {
    while (!this.stopping.aborted) {
      const taken = await this.erasures.take(this.timing.leaseMs);
      if (taken === undefined) return;
      await this.work(taken);
    }
  }

  private async work(taken: TakenErasure): Promise<void> {
    const { erasures, timing, stopping, log } = this;
    try {
      const pending = await this.pass(taken);
      if (pending === 0) await this.complete(taken);
      else await erasures.wait(taken, pending, this.pauseAfter(taken));
    } catch (error) {
      if (error instanceof ErasureTakenError) return;
      await erasures.release(taken, stopping.aborted ? 0 : timing.retryMaxMs);
      if (!stopping.aborted) log.error({ err: error, erasureId: taken.id }, 'an erasure failed; it is tried again');
    }
  }

  private pauseAfter({ passes }: TakenErasure): number {
    return Math.min(LONGEST_PAUSE_MS, this.timing.recoveryIntervalMs * 2 ** Math.min(passes, 20));
  }

  /** @returns how much is to be waited for. */
  private async pass(taken: TakenErasure): Promise<number> {
    const { erasures, person } = this;
    const addresses = await erasures.findAddresses(taken.id);
    const write = (work: (tx: Queryable) => Promise<ErasureProgress>) => this.step(taken, work);
    let pending = 0;
    for (let i = 0; i < addresses.length; i += ADDRESSES_AT_ONCE) {
      const some = addresses.slice(i, i + ADDRESSES_AT_ONCE);
      // Once: a contact that is imported later is new.
      if (!taken.swept) await write((tx) => person.erase(tx, some));
      pending += await person.eraseCopies(write, some);
    }
    if (!taken.swept) {
      await person.eraseAnswers(write, addresses);
      await write(async () => ({ swept: true }));
    }
    for (const address of addresses) pending += await this.eraseMail(taken, address);
    return pending;
  }

  private async eraseMail(taken: TakenErasure, address: string): Promise<number> {
    let pending = 0;
    let after: MailPlace | undefined;
    do {
      const from = after;
      let page: ErasedPage | undefined;
      await this.step(taken, async (tx) => {
        page = await this.mail.erase(tx, { address, before: taken }, from);
        return page.progress;
      });
      pending += page?.pending ?? 0;
      after = page?.next;
    } while (after !== undefined);
    return pending;
  }

  private async step(taken: TakenErasure, work: (tx: Queryable) => Promise<ErasureProgress>): Promise<void> {
    this.stopping.throwIfAborted();
    await this.database.repeatable(async (tx) => {
      const progress = await work(tx);
      await this.erasures.advance(tx, taken, progress, this.timing.leaseMs);
    });
  }

  private async complete(taken: TakenErasure): Promise<void> {
    await this.database.repeatable(async (tx) => {
      const { now, sent, kept, ...row } = await this.erasures.lock(tx, taken);
      const remaining = this.remaining(sent, kept, now);
      const receipt = receiptOf({ ...row, status: 'completed', completedAt: now, pending: 0, remaining });
      await this.erasures.complete(tx, taken, { completedAt: now, remaining, sha256: digestOf(receipt) });
    });
    this.log.info({ erasureId: taken.id }, 'an erasure is complete');
  }

  /** Vendors' own records of mail, until they delete them, and copies that they did not delete. */
  private remaining(sent: Readonly<Record<string, string>>, kept: readonly string[], now: Date): RemainingCopy[] {
    const remaining = new Map<string, string | null>(kept.map((provider) => [provider, null]));
    for (const [provider, at] of Object.entries(sent)) {
      const days = this.providers.find(provider)?.capabilities.historyDays;
      const until = days === undefined ? undefined : new Date(Date.parse(at) + days * DAY_MS);
      if (until !== undefined && until <= now) continue;
      if (!remaining.has(provider)) remaining.set(provider, until?.toISOString() ?? null);
    }
    return [...remaining].map(([provider, until]) => ({ provider, until })).sort(byProvider);
  }
}

const byProvider = (a: RemainingCopy, b: RemainingCopy): number => (a.provider < b.provider ? -1 : 1);
