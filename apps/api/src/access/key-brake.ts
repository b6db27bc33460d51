import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayProblem } from '@gateway/core';
import type { Metrics } from '@gateway/platform';
import type { FastifyRequest } from 'fastify';

export interface BrakeLimits {
  /** Refusals of one peer that are answered at once, one after the other. */
  readonly burst: number;
  /** After them, one is answered in this time. */
  readonly intervalMs: number;
  readonly longestWaitMs: number;
  /** Peers that are remembered; who has been quiet for longest is forgotten. */
  readonly maxPeers: number;
  /** Answers that are held back at the same time. */
  readonly maxWaiting: number;
}

const LIMITS: BrakeLimits = {
  burst: 100,
  intervalMs: 20,
  longestWaitMs: 2000,
  maxPeers: 10_000,
  maxWaiting: 2000,
};

/**
 * Slows down who sends wrong keys. Only the refusals wait: behind a proxy all callers have one address, and those with
 * a good key must not notice the others.
 */
export class KeyBrake {
  /** By peer: when its refusals so far will have been answered, at one per interval. */
  private readonly busyUntil = new Map<string, number>();
  private waiting = 0;
  private readonly count: (reason: 'missing' | 'unknown' | 'network') => void;

  constructor(
    metrics: Metrics,
    private readonly limits = LIMITS,
  ) {
    const counter = metrics.counter(
      'gateway_unauthorized_requests_total',
      'Requests without a valid key, or token of an account, by reason',
      ['reason'],
    );
    for (const reason of ['missing', 'unknown', 'network']) counter.inc({ reason }, 0);
    this.count = (reason) => counter.inc({ reason });
  }

  /** @returns after a while, what to answer instead of the refusal; nothing when the refusal is due. */
  async slow(request: FastifyRequest, reason: 'missing' | 'unknown' | 'network'): Promise<GatewayProblem | undefined> {
    this.count(reason);
    const waitMs = this.waitOf(peerOf(request.ip));
    const isTooMuch = waitMs > this.limits.longestWaitMs;
    if (waitMs > 0 && this.waiting < this.limits.maxWaiting) {
      this.waiting += 1;
      await sleep(Math.min(waitMs, this.limits.longestWaitMs));
      this.waiting -= 1;
    }
    if (!isTooMuch) return undefined;
    const detail = 'Too many requests without a valid API key came from this address.';
    return new GatewayProblem('rate_limited', detail, { retryAfterSeconds: this.limits.longestWaitMs / 1000 });
  }

  private waitOf(peer: string): number {
    const now = performance.now();
    const { burst, intervalMs, longestWaitMs, maxPeers } = this.limits;
    const busyUntil = Math.max(now, this.busyUntil.get(peer) ?? 0);
    const waitMs = busyUntil - now - (burst - 1) * intervalMs;
    // The newest last, so that the first is who has been quiet for longest.
    this.busyUntil.delete(peer);
    this.busyUntil.set(peer, waitMs > longestWaitMs ? busyUntil : busyUntil + intervalMs);
    const [oldest] = this.busyUntil.keys();
    if (this.busyUntil.size > maxPeers && oldest !== undefined) this.busyUntil.delete(oldest);
    return Math.max(0, waitMs);
  }
}

/** An IPv4 address, or the 64 bits of an IPv6 address that one caller has. */
export function peerOf(address = ''): string {
  const plain = address.replace(/^::ffff:/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = (plain.split('%', 1)[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...(tail === undefined ? [] : zeros), ...after].slice(0, 4).join(':');
}
