import { Inject, Injectable } from '@nestjs/common';
import { decodeId, type PushHint } from '@gateway/core';
import { HintRepository } from '@gateway/database';
import { CONFIG, LOGGER, Metrics, pause, STOPPING, type Logger } from '@gateway/platform';
import { effectiveLeaseMs, type Timing } from '../../shared/timing.js';

/** Requests of an account that wait to be looked for, at most. What is more is dropped; it is still asked for on schedule. */
const MOST_WAITING = 200;
/** Milliseconds from the start of one statement for an account to the start of the next. */
const STATEMENT_PAUSE_MS = 500;

/** What an account has hinted at since its last statement. */
class Waiting {
  readonly requestIds = new Set<string>();
  readonly batchIds = new Set<string>();
  /** The statements that are being made; undefined when none is. */
  working: Promise<void> | undefined;

  get size(): number {
    return Math.max(this.requestIds.size, this.batchIds.size);
  }

  take() {
    const taken = { requestIds: [...this.requestIds], batchIds: [...this.batchIds] };
    this.requestIds.clear();
    this.batchIds.clear();
    return taken;
  }
}

/**
 * Takes the hints of pushes that prove nothing. Anyone who knows an account's path may send as many as they like, so their
 * cost is bounded: per account and process two statements a second over at most 200 requests, per batch one poll or
 * look-up in a while. The sender does not wait. A hint that is lost costs nothing but time: the batch has its schedule.
 */
@Injectable()
export class PushHints {
  private readonly accounts = new Map<string, Waiting>();
  private readonly count: (account: string, outcome: 'taken' | 'dropped', hints: number) => void;

  constructor(
    private readonly hints: HintRepository,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(STOPPING) private readonly stopping: AbortSignal,
    metrics: Metrics,
  ) {
    const counter = metrics.counter(
      'gateway_push_hints_total',
      'Requests named by pushes that prove nothing; dropped: more than are looked for at a time',
      ['provider', 'outcome'],
    );
    this.count = (provider, outcome, hints) => counter.inc({ provider, outcome }, hints);
  }

  /** @param account one that is configured: what is kept for it stays. */
  add(account: string, hints: readonly PushHint[]): void {
    const waiting = this.accounts.get(account) ?? new Waiting();
    this.accounts.set(account, waiting);
    const before = waiting.size;
    const taken = hints.filter((hint) => collect(waiting, hint)).length;
    this.count(account, 'taken', waiting.size - before);
    this.count(account, 'dropped', hints.length - taken);
    if (waiting.size > 0) waiting.working ??= this.work(account, waiting);
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    for (const { working } of this.accounts.values()) await working;
  }

  private async work(account: string, waiting: Waiting): Promise<void> {
    while (waiting.size > 0 && !this.stopping.aborted) {
      await this.take(account, waiting);
      await pause(STATEMENT_PAUSE_MS, this.stopping);
    }
    waiting.working = undefined;
  }

  private async take(account: string, waiting: Waiting): Promise<void> {
    const { hints, timing, log } = this;
    // A poll, or look-up, that a hint began has ended before the next: overtaken by each other, none would.
    const pauses = { pollMs: timing.providerTimeoutMs, lookupMs: effectiveLeaseMs(timing) };
    try {
      await hints.take(account, waiting.take(), pauses);
    } catch (error) {
      log.warn({ err: error, provider: account }, 'hints are lost; what they are about is asked for on schedule');
    }
  }
}

/** @returns false when there is no room. */
function collect(waiting: Waiting, { requestId, batchId }: PushHint): boolean {
  if (waiting.size >= MOST_WAITING) return false;
  const id = batchId === undefined ? undefined : decodeId('batch', batchId);
  if (id !== undefined) waiting.batchIds.add(id);
  if (requestId !== undefined) waiting.requestIds.add(requestId);
  return true;
}
