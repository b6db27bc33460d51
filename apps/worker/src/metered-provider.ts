import type { EmailProvider, FoundRequest, PollResult, RecipientReport, SendOutcome } from '@gateway/core';
import { ProviderUnavailableError } from '@gateway/core';
import type { Metrics } from '@gateway/platform';

/** Provider calls take from milliseconds to the timeout. */
const SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Metrics of this process's calls to providers. No address and no id of a message becomes a label. */
export class ProviderMetrics {
  private readonly attempts;
  private readonly refusals;
  private readonly lookups;
  private readonly calls;

  constructor(metrics: Metrics) {
    this.attempts = metrics.counter('gateway_attempts_total', 'Posts of batches by outcome', [
      'provider',
      'category',
      'outcome',
    ]);
    this.refusals = metrics.counter('gateway_refusals_total', 'Definite refusals by reason', ['provider', 'reason']);
    this.lookups = metrics.counter('gateway_lookups_total', 'Look-ups of unconfirmed requests by result', [
      'provider',
      'outcome',
    ]);
    const labels = ['provider', 'call', 'outcome'];
    this.calls = metrics.histogram('gateway_provider_call_seconds', 'Duration of calls to providers', labels, SECONDS);
  }

  /** The same provider, measured. All but sending, finding and polling passes through unchanged. */
  measure(provider: EmailProvider): EmailProvider {
    const [find, poll] = [provider.find?.bind(provider), provider.poll?.bind(provider)];
    const measured: Pick<EmailProvider, 'send' | 'find' | 'poll'> = {
      send: (batch, signal) => this.send(provider.name, batch.category, () => provider.send(batch, signal)),
      ...(find && { find: (query, signal) => this.find(provider.name, () => find(query, signal)) }),
      ...(poll && { poll: (request, signal) => this.poll(provider.name, poll(request, signal)) }),
    };
    return new Proxy(provider, {
      get(target, key) {
        if (Object.hasOwn(measured, key)) return measured[key as keyof typeof measured];
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  private async send(provider: string, category: string, post: () => Promise<SendOutcome>): Promise<SendOutcome> {
    let outcome = 'unconfirmed';
    const started = performance.now();
    try {
      const result = await post();
      outcome = result.outcome;
      if (result.outcome === 'refused') this.refusals.inc({ provider, reason: result.reason });
      return result;
    } finally {
      this.attempts.inc({ provider, category, outcome });
      this.observe({ provider, call: 'send', outcome }, performance.now() - started);
    }
  }

  private async find(
    provider: string,
    ask: () => Promise<FoundRequest | undefined>,
  ): Promise<FoundRequest | undefined> {
    let outcome = 'failed';
    const started = performance.now();
    try {
      const found = await ask();
      outcome = found === undefined ? 'absent' : 'found';
      return found;
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      this.lookups.inc({ provider, outcome });
      this.observe({ provider, call: 'find', outcome }, performance.now() - started);
    }
  }

  /** The time in which pages are worked on is not the provider's. */
  private async *poll(
    provider: string,
    pages: AsyncGenerator<readonly RecipientReport[], PollResult, void>,
  ): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
    let tookMs = 0;
    let outcome = 'stopped';
    try {
      for (;;) {
        const started = performance.now();
        const next = await pages.next().finally(() => (tookMs += performance.now() - started));
        if (next.done === true) {
          outcome = 'answered';
          return next.value;
        }
        yield next.value;
      }
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      this.observe({ provider, call: 'poll', outcome }, tookMs);
      if (outcome === 'stopped') await pages.return(undefined as never);
    }
  }

  private observe(labels: Record<'provider' | 'call' | 'outcome', string>, ms: number): void {
    this.calls.observe(labels, ms / 1000);
  }
}

const outcomeOf = (error: unknown): string => (error instanceof ProviderUnavailableError ? 'unavailable' : 'failed');
