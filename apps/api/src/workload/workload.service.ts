import { WebhookWorkRepository, WorkloadRepository } from '@gateway/database';
import { ProviderDirectory, SharedAccountStates, waitingFor } from '@gateway/delivery';
import { CLOCK, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { presentWorkload, type Look } from './workload.presenter.js';

/** At most a hundredth of the time is spent on reading, however many dashboards ask and however long the backlog is. */
const FRESH_MS = 1000;
const TIMES_ITS_COST = 100;
const STATES_MS = 1000;

/** The mail that waits, where and why. The same figures as the metrics, read at most once a second for all who ask. */
@Injectable()
export class WorkloadService {
  private look: Promise<Look> | undefined;
  private freshUntil = 0;

  constructor(
    private readonly workload: WorkloadRepository,
    private readonly webhooks: WebhookWorkRepository,
    private readonly states: SharedAccountStates,
    private readonly providers: ProviderDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async find(): Promise<ReturnType<typeof presentWorkload>> {
    const [look, states] = [await this.shared(), await this.states.recent(STATES_MS)];
    const accounts = this.providers.names.flatMap((name) => {
      const [provider, state] = [this.providers.find(name), states.get(name)];
      if (provider === undefined || state === undefined) return [];
      const { limits } = provider.capabilities;
      return [{ name, limits, waiting: waitingFor(state, limits, this.clock.now()) }];
    });
    return presentWorkload(look, accounts);
  }

  private shared(): Promise<Look> {
    if (this.look !== undefined && performance.now() < this.freshUntil) return this.look;
    const begunAt = performance.now();
    // Others share this look until it has ended.
    this.freshUntil = Infinity;
    const found = this.read().finally(() => {
      this.freshUntil = performance.now() + Math.max(FRESH_MS, TIMES_ITS_COST * (performance.now() - begunAt));
    });
    found.catch(() => (this.look = undefined));
    this.look = found;
    return found;
  }

  private async read(): Promise<Look> {
    return {
      readAt: this.clock.now(),
      work: await this.workload.find(),
      pace: await this.workload.pace(),
      minutes: await this.workload.attemptsByMinute(),
      webhooks: await this.webhooks.states(),
    };
  }
}
