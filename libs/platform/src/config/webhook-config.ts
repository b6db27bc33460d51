import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { TargetPolicy } from '../egress/target-policy.js';
import { masterKeys } from './master-keys.js';
import { durationMs, wholeNumber } from './variables.js';

/** Everything about webhooks that an operator decides. */
export interface WebhookConfig {
  /** Keys from which secrets of endpoints are derived; the first makes new ones. None: webhooks are not configured. */
  readonly masterKeys: readonly Buffer[];
  /** The keys as they were written, for loggers to mask. */
  readonly masterKeyTexts: readonly string[];
  readonly targets: Pick<TargetPolicy, 'allowCidrs' | 'allowHosts' | 'allowPorts'>;
  /** How long deliveries that ended are kept. */
  readonly logMs: number;
  /** Pauses before the second and later tries of a request. */
  readonly retryMs: readonly number[];
}

export const webhookSchema = z.object({
  WEBHOOK_MASTER_KEY: masterKeys().optional(),
  WEBHOOK_ALLOW_CIDRS: list()
    .transform((cidrs, ctx) =>
      cidrs.every((cidr) => ipaddr.isValidCIDR(cidr))
        ? cidrs
        : refuse(ctx, 'must be comma-separated networks like 10.0.0.0/8 or fd00::/8'),
    )
    .default([]),
  WEBHOOK_ALLOW_HOSTS: list()
    .transform((hosts, ctx) => {
      const names = hosts.map((host) => host.toLowerCase().replace(/\.$/, ''));
      if (names.every((name) => /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name))) return names;
      return refuse(ctx, 'must be comma-separated host names; "*.example.com" allows every name below it');
    })
    .default([]),
  WEBHOOK_ALLOW_PORTS: list()
    .transform((ports, ctx) => {
      const ranges = ports.map(readPorts);
      if (ranges.every((range) => range !== undefined)) return ranges;
      return refuse(ctx, 'must be comma-separated ports or ranges of ports: 443,8000-8999');
    })
    .default([[443, 443]]),
  WEBHOOK_LOG_HOURS: wholeNumber(1, 8760).default(24),
  WEBHOOK_RETRY_DELAYS: list()
    .pipe(z.array(durationMs(1)).min(1).max(50))
    .default(['5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'].map((text) => durationMs().parse(text))),
});

export const webhookConfig = (read: z.output<typeof webhookSchema>): WebhookConfig =>
  Object.freeze({
    masterKeys: Object.freeze(read.WEBHOOK_MASTER_KEY?.keys ?? []),
    masterKeyTexts: Object.freeze(read.WEBHOOK_MASTER_KEY?.texts ?? []),
    targets: Object.freeze({
      allowCidrs: read.WEBHOOK_ALLOW_CIDRS,
      allowHosts: read.WEBHOOK_ALLOW_HOSTS,
      allowPorts: read.WEBHOOK_ALLOW_PORTS,
    }),
    logMs: read.WEBHOOK_LOG_HOURS * 3_600_000,
    retryMs: Object.freeze(read.WEBHOOK_RETRY_DELAYS),
  });

function list() {
  return z.string().transform((text): string[] =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
}

/** Never quotes the value. */
function refuse(ctx: z.core.$RefinementCtx<string[]>, message: string): never {
  ctx.issues.push({ code: 'custom', message, input: undefined as never });
  return z.NEVER;
}

function readPorts(text: string): readonly [number, number] | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  return from >= 1 && to <= 65_535 && from <= to ? [from, to] : undefined;
}
