import { Inject, Injectable } from '@nestjs/common';
import {
  decodeId,
  ProviderUnavailableError,
  type EmailProvider,
  type ProviderUpdates,
  type RecipientReport,
  type RecipientUpdate,
} from '@gateway/core';
import {
  type BatchRow,
  HintRepository,
  ProviderUpdatesRepository,
  TrackingRepository,
  type UpdatesTurn,
} from '@gateway/database';
import { CONFIG, LOGGER, Metrics, STOPPING, type Logger } from '@gateway/platform';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { backoffMs, effectiveLeaseMs, type Timing } from '../../shared/timing.js';
import { PollRecorder } from './record-polls.js';

/** Of an account that has taken no mail for a while; a multiple of the pause between two polls of a request. */
const IDLE_PAUSE = 12;
/** A reading makes several calls, each with a time limit of its own; a multiple of that, for all of them. */
const READING_PATIENCE = 4;

type Outcome = 'applied' | 'asked';

/**
 * Follows many requests of an account at the price of a few calls, where the provider has a list of their news. Of a request
 * to one recipient the list says all, and it is written as a poll is. Any other request that has news is polled soon. What
 * the list leaves out is found by the polls of each request, which are rarer than elsewhere.
 */
@Injectable()
export class FollowUpdatesService {
  private readonly ensured = new Set<string>();
  private readonly count: (provider: string, outcome: Outcome, updates: number) => void;

  constructor(
    private readonly updates: ProviderUpdatesRepository,
    private readonly tracking: TrackingRepository,
    private readonly hints: HintRepository,
    private readonly polls: PollRecorder,
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
    metrics: Metrics,
  ) {
    const counter = metrics.counter(
      'gateway_updates_total',
      'News of requests in the lists of providers: applied, or a reason to ask for the request',
      ['provider', 'outcome'],
    );
    this.count = (provider, outcome, updates) => counter.inc({ provider, outcome }, updates);
  }

  /** Accounts whose providers have such a list. */
  get accounts(): readonly string[] {
    return this.providers.all.filter(({ updates }) => updates !== undefined).map(({ name }) => name);
  }

  /** Reads what is new at an account, if it is time and no other worker does. */
  async sweep(account: string): Promise<void> {
    const provider = this.providers.find(account);
    if (provider?.updates === undefined) return;
    if (!this.ensured.has(account)) await this.updates.ensure(account);
    this.ensured.add(account);
    const { pollIntervalMs: pauseMs, providerTimeoutMs } = this.timing;
    const patienceMs = READING_PATIENCE * providerTimeoutMs;
    const leaseMs = Math.max(effectiveLeaseMs(this.timing), 2 * patienceMs);
    const turn = await this.updates.take(account, { leaseMs, pauseMs });
    if (turn === undefined) return;
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(patienceMs), this.stopping]);
      const cursor = await this.read(provider, provider.updates, turn, signal);
      await this.updates.finish(turn, cursor, { pauseMs, idleMs: IDLE_PAUSE * pauseMs });
    } catch (error) {
      await this.failed(turn, error);
    }
  }

  private async read(
    provider: EmailProvider,
    list: ProviderUpdates,
    { cursor }: UpdatesTurn,
    signal: AbortSignal,
  ): Promise<unknown> {
    const pages = list.read(cursor ?? undefined, signal);
    for (;;) {
      const page = await pages.next();
      if (page.done === true) return page.value;
      await this.apply(provider, page.value);
    }
  }

  private async apply(provider: EmailProvider, all: readonly RecipientUpdate[]): Promise<void> {
    const latest = new Map(all.map((update) => [update.requestId, update]));
    const rows = await this.tracking.findRequests(provider.name, [...latest.keys()]);
    const known = Map.groupBy(rows, ({ providerRequestId }) => providerRequestId ?? '');
    const alone: (readonly [BatchRow, RecipientUpdate])[] = [];
    const others: RecipientUpdate[] = [];
    for (const [requestId, update] of latest) {
      const [batch, ...parts] = known.get(requestId) ?? [];
      if (batch === undefined || parts.length > 0 || batch.ofList || batch.recipientCount !== 1) others.push(update);
      else if (!isKnown(batch, update)) alone.push([batch, update]);
    }
    await this.write(provider, alone);
    await this.askFor(provider.name, others);
  }

  private async write(
    provider: EmailProvider,
    alone: readonly (readonly [BatchRow, RecipientUpdate])[],
  ): Promise<void> {
    if (alone.length === 0) return;
    const addresses = await this.tracking.findFirstAddresses(alone.map(([batch]) => batch));
    await Promise.all(
      alone.map(async ([batch, { report }], i) => {
        const address = addresses[i];
        if (address === undefined) return;
        const last: readonly RecipientReport[] = [{ ...report, address }];
        const result = { begun: true, moved: true, cursor: batch.pollCursor ?? undefined };
        await this.polls.finish({ provider, batch, last, tookMs: 0, result });
      }),
    );
    this.count(provider.name, 'applied', alone.length);
  }

  /** Requests to several recipients, and those that are in doubt or not ours. */
  private async askFor(account: string, updates: readonly RecipientUpdate[]): Promise<void> {
    if (updates.length === 0) return;
    const named = {
      requestIds: updates.map(({ requestId }) => requestId),
      batchIds: updates.flatMap(({ batchId }) => (batchId === undefined ? [] : (decodeId('batch', batchId) ?? []))),
    };
    const pauses = { pollMs: this.timing.providerTimeoutMs, lookupMs: effectiveLeaseMs(this.timing) };
    this.count(account, 'asked', await this.hints.take(account, named, pauses));
  }

  private async failed(turn: UpdatesTurn, error: unknown): Promise<void> {
    const { updates, timing, log, stopping } = this;
    if (stopping.aborted) return updates.fail(turn, 0);
    const isExpected = error instanceof ProviderUnavailableError || error instanceof DOMException;
    const about = { provider: turn.provider, ...(!isExpected && { err: error }) };
    const problem = error instanceof Error ? error.message : 'no error';
    log[isExpected ? 'warn' : 'error']({ ...about, problem }, 'the list of updates was not read; requests are polled');
    const retryAfterMs = error instanceof ProviderUnavailableError ? (error.retryAfterMs ?? 0) : 0;
    await updates.fail(turn, Math.max(timing.pollIntervalMs, backoffMs(turn.failures + 1, timing), retryAfterMs));
  }
}

/** The recipient has this status already: it was read before. */
const isKnown = ({ counts }: BatchRow, { report: { status, openedAt, unknownStatus } }: RecipientUpdate): boolean =>
  status !== undefined && (counts[status] ?? 0) > 0 && openedAt === undefined && unknownStatus === undefined;
