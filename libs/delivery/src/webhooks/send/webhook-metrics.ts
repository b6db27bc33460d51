import { Metrics } from '@gateway/platform';
import { Injectable } from '@nestjs/common';
import type { SentRequest } from './request-sender.js';

/** Metrics of a worker's requests to endpoints. */
@Injectable()
export class WebhookMetrics {
  private readonly requests;
  private readonly seconds;

  constructor(metrics: Metrics) {
    this.requests = metrics.counter('gateway_webhook_requests_total', 'Requests to webhook endpoints, by outcome', [
      'outcome',
    ]);
    this.seconds = metrics.histogram(
      'gateway_webhook_request_seconds',
      'Duration of requests to webhook endpoints',
      [],
    );
  }

  sent({ delivered, attempt }: SentRequest): void {
    this.requests.inc({ outcome: delivered ? 'delivered' : (attempt.error?.code ?? 'E_HTTP') });
    this.seconds.observe(attempt.durationMs / 1000);
  }
}
