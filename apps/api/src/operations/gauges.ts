import type {
  ContentKeyRepository,
  LogHorizon,
  ProviderAccountRepository,
  WebhookWorkRepository,
  WorkloadRepository,
} from '@gateway/database';
import type { Metrics } from '@gateway/platform';
import { contentGauges } from './content-gauges.js';
import { accountGauges } from './account-gauges.js';
import { webhookGauges } from './webhook-gauges.js';
import { workGauges } from './work-gauges.js';

/** At most a hundredth of the time is spent on reading, however large the backlog is. */
const FRESH = { forMs: 5000, forTimesItsCost: 100 };

/** The work in progress of all processes, from the database; read on demand. */
export function registerGauges(
  metrics: Metrics,
  sources: {
    readonly workload: WorkloadRepository;
    readonly accounts: ProviderAccountRepository;
    readonly horizon: LogHorizon;
    readonly webhooks: WebhookWorkRepository;
    readonly contentKeys: ContentKeyRepository;
    /** Names of the accounts: accounts without work are reported, too, so that alerts can see them. */
    readonly providers: readonly string[];
  },
): void {
  const { workload, accounts, horizon, webhooks, contentKeys, providers } = sources;
  const work = workGauges(metrics, providers);
  const account = accountGauges(metrics);
  const showWebhooks = webhookGauges(metrics);
  const showContents = contentGauges(metrics);
  const heldEvents = metrics.gauge('gateway_log_held_events', 'Events that readers of the log cannot see yet');
  const heldSeconds = metrics.gauge('gateway_log_held_seconds', 'Age of the transaction that holds them back');
  const readAt = metrics.gauge('gateway_work_read_timestamp_seconds', 'When the database was last asked for these');
  metrics.beforeScrape(async () => {
    const [found, states] = [await workload.find(), await accounts.find(providers)];
    for (const show of work) show(found);
    for (const state of states) for (const show of account) show(state);
    showWebhooks(await webhooks.states());
    readAt.set(Date.now() / 1000);
  }, FRESH);
  metrics.beforeScrape(async () => {
    const { horizon: readable, lastGiven, heldMs } = await horizon.look();
    heldEvents.set(lastGiven - readable);
    heldSeconds.set(heldMs / 1000);
  });
  metrics.beforeScrape(async () => showContents(await contentKeys.findUses()), FRESH);
}
