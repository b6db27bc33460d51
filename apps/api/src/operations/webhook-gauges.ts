import type { WebhookStates } from '@gateway/database';
import type { Metrics } from '@gateway/platform';

/** Gauges of endpoints, of all clients. */
export function webhookGauges(metrics: Metrics): (states: WebhookStates) => void {
  const endpoints = metrics.gauge('gateway_webhook_endpoints', 'Webhook endpoints, by state', ['state']);
  const lag = metrics.gauge(
    'gateway_webhook_lag_seconds',
    'How long the next event has been waiting for a webhook endpoint that is neither paused nor failing',
  );
  return ({ healthy, failing, paused, lagSeconds }) => {
    for (const [state, count] of Object.entries({ healthy, failing, paused })) endpoints.set({ state }, count);
    lag.set(lagSeconds);
  };
}
