import { WebhookWorkRepository, WorkloadRepository } from '@gateway/database';
import { ProviderDirectory, SharedAccountStates, waitingFor } from '@gateway/delivery';
import { CLOCK, Seldom, type Clock } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import { presentWorkload, type Look } from './workload.presenter.js';

/** At most a hundredth of the time is spent on reading, however many dashboards ask and however long the backlog is. */
const FRESH = { forMs: 1000, forTimesItsCost: 100 };
const STATES_MS = 1000;

/** The mail that waits, where and why. The same figures as the metrics, read at most once a second for all who ask. */
@Injectable()
export class WorkloadService {
  private readonly look = new Seldom(() => this.read(), FRESH);

  constructor(
    private readonly workload: WorkloadRepository,
    private readonly webhooks: WebhookWorkRepository,
    private readonly states: SharedAccountStates,
    private readonly providers: ProviderDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async find(): Promise<ReturnType<typeof presentWorkload>> {
    const [look, states] = [await this.look.get(), await this.states.recent(STATES_MS)];
    const accounts = this.providers.names.flatMap((name) => {
      const [provider, state] = [this.providers.find(name), states.get(name)];
      if (provider === undefined || state === undefined) return [];
      const { limits } = provider.capabilities;
      return [{ name, limits, waiting: waitingFor(state, limits, this.clock.now()) }];
    });
    return presentWorkload(look, accounts);
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
