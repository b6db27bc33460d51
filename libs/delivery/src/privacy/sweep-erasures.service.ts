import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  Database,
  ErasureRepository,
  ErasureTakenError,
  type ErasingAddress,
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
import { FindMentions, MOST_LOOKED_AT, type Mentions } from './find-mentions.js';
import { digestOf, receiptOf } from './receipt.js';

const ADDRESSES_AT_ONCE = 100;
/** Mail that is under way is looked for again after this, at the latest. */
const LONGEST_PAUSE_MS = 60_000;
const DAY_MS = 86_400_000;
/** After this another erasure gets its turn: one of millions of messages must not keep those of others waiting. */
const TURN_MS = 20_000;
/** Maximum pause between two transactions; each is followed by one as long as itself. */
const LONGEST_REST_MS = 1000;

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
    private readonly mentions: FindMentions,
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
      if (pending === 'turn is over') await erasures.release(taken, 0);
      else if (pending === 0) await this.complete(taken);
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

  /** @returns how much is to be waited for; or that there is more to do, and other erasures come first. */
  private async pass(taken: TakenErasure): Promise<number | 'turn is over'> {
    const { erasures, person } = this;
    const { clientId } = taken;
    const erasing = await erasures.findAddresses(taken.id);
    const addresses = erasing.map(({ address }) => address);
    const write = (work: (tx: Queryable) => Promise<ErasureProgress>) => this.step(taken, work);
    const done = new Set(erasing.filter(({ mailErased }) => mailErased).map(({ address }) => address));
    let pending = 0;
    for (const some of pagesOf(addresses)) {
      // Once: what an older contact gets later is new.
      if (!taken.swept) await write((tx) => person.erase(tx, some, taken));
    }
    // Mail to a contact that an expansion has read before it was erased is there only when the expansion ends.
    const expanding = await this.countExpansions(taken);
    pending += expanding;
    for (const some of pagesOf(addresses)) {
      await write(async (tx) => {
        if (expanding > 0) return {};
        for (const address of await erasures.noteWithoutMail(tx, taken.id, some)) done.add(address);
        return {};
      });
      pending += await person.eraseCopies(write, some, clientId);
    }
    if (!taken.swept) {
      await person.eraseAnswers(write, addresses, taken);
      await write(async () => ({ swept: true }));
    }
    const left = expanding > 0 ? [] : erasing.filter(({ address }) => !done.has(address));
    const underWay = await this.eraseAllMail(taken, left, pending);
    if (underWay === 'turn is over') return underWay;
    pending += underWay;
    // Mail that was waited for has bounced or was unsubscribed from meanwhile.
    return pending === 0 ? person.eraseRest(write, [...pagesOf(addresses)], clientId) : pending;
  }

  private async countExpansions(taken: TakenErasure): Promise<number> {
    let count = 0;
    await this.step(taken, async (tx) => {
      count = await this.person.countExpansions(tx);
      return {};
    });
    return count;
  }

  /** @param waitedFor what else is waited for: a turn ends early only where the next one does not do the same again. */
  private async eraseAllMail(
    taken: TakenErasure,
    erasing: readonly ErasingAddress[],
    waitedFor: number,
  ): Promise<number | 'turn is over'> {
    const turnEnds = performance.now() + TURN_MS;
    let pending = 0;
    for (const one of erasing) {
      const left = await this.eraseMail(taken, one, waitedFor + pending === 0 ? turnEnds : Infinity);
      if (left === 'turn is over') return left;
      pending += left;
    }
    return pending;
  }

  /** Begins where the mail is erased without gaps, so neither a lost worker nor a new pass looks at all of it again. */
  private async eraseMail(
    taken: TakenErasure,
    one: ErasingAddress,
    turnEnds: number,
  ): Promise<number | 'turn is over'> {
    const { address } = one;
    let pending = 0;
    let after: MailPlace | undefined =
      one.messageId === null ? undefined : { messageId: one.messageId, position: one.position ?? -1 };
    do {
      const from = after;
      const before = pending;
      let page: ErasedPage | undefined;
      await this.step(taken, async (tx) => {
        page = await this.mail.erase(tx, { address, before: taken }, from);
        const place = before > 0 ? undefined : placeAfter(page);
        if (place !== undefined) await this.erasures.notePlace(tx, { id: taken.id, address }, place);
        return page.progress;
      });
      pending += page?.pending ?? 0;
      after = page?.next;
      // Only where the next turn begins after this page: behind mail under way it would do the same again.
      if (pending === 0 && performance.now() > turnEnds) return 'turn is over';
    } while (after !== undefined);
    return pending;
  }

  private async step(taken: TakenErasure, work: (tx: Queryable) => Promise<ErasureProgress>): Promise<void> {
    this.stopping.throwIfAborted();
    const begun = performance.now();
    await this.database.repeatable(async (tx) => {
      const progress = await work(tx);
      await this.erasures.advance(tx, taken, progress, this.timing.leaseMs);
    });
    // Mail comes first: half of the time is left to it.
    await sleep(Math.min(LONGEST_REST_MS, performance.now() - begun));
  }

  private async complete(taken: TakenErasure): Promise<void> {
    const mentions = await this.findMentions(taken);
    await this.database.repeatable(async (tx) => {
      const { now, sent, kept, ...row } = await this.erasures.lock(tx, taken);
      const remaining = this.remaining(sent, kept, now);
      const receipt = receiptOf({ ...row, status: 'completed', completedAt: now, pending: 0, remaining, mentions });
      await this.erasures.complete(tx, taken, { completedAt: now, remaining, mentions, sha256: digestOf(receipt) });
    });
    this.log.info({ erasureId: taken.id }, 'an erasure is complete');
  }

  /** In what is left: mail to others, and what came later. */
  private async findMentions(taken: TakenErasure): Promise<Mentions | null> {
    if (taken.mentions === null) return null;
    const addresses = (await this.erasures.findAddresses(taken.id)).map(({ address }) => address);
    const of = { addresses, clientId: taken.clientId, days: taken.mentions.days };
    return this.mentions.execute(of, MOST_LOOKED_AT.erasing, () => this.step(taken, async () => ({})));
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

function* pagesOf(addresses: readonly string[]): Generator<readonly string[]> {
  for (let i = 0; i < addresses.length; i += ADDRESSES_AT_ONCE) yield addresses.slice(i, i + ADDRESSES_AT_ONCE);
}

const placeAfter = ({ pending, clean, next }: ErasedPage): MailPlace | 'all erased' | undefined =>
  pending === 0 && next === undefined ? 'all erased' : clean;

const byProvider = (a: RemainingCopy, b: RemainingCopy): number => (a.provider < b.provider ? -1 : 1);
