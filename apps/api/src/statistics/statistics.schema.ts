import { categories, decodeId } from '@gateway/core';
import { statisticGroups } from '@gateway/database';
import { z } from 'zod';
import { queryInstant, queryText } from '../http/page.js';
import { dayOf, dayStart, isWholeHourZone } from './zoned-day.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DEFAULT_DAYS = 30;
const LONGEST_MS = 400 * DAY_MS;

const moment = z.string().refine((text) => z.union([z.iso.date(), queryInstant]).safeParse(text).success, {
  message: 'must be a day or an RFC 3339 timestamp',
  params: { code: 'invalid_type' },
});

/** What a provider's own figures can be asked for. */
const OF_PROVIDERS: ReadonlySet<string> = new Set(['date', 'hour', 'weekday', 'provider']);
const ONLY_OURS = ['category', 'templateId', 'tag', 'domain'] as const;

/** `tpl_…`, or `account:id` for a provider's own template. */
const template = queryText(200)
  .meta({ examples: ['nhn:welcome'] })
  .transform((text) => decodeId('template', text) ?? text);

export const statisticsQuery = z
  .strictObject({
    from: moment
      .optional()
      .meta({ description: 'From this day or hour on; 30 days before `to` if left out', examples: ['2026-11-01'] }),
    to: moment
      .optional()
      .meta({ description: 'To the end of this day, or to this hour; today if left out', examples: ['2026-11-30'] }),
    groupBy: z
      .enum(statisticGroups)
      .default('date')
      .meta({ description: 'What the rows are', examples: ['category'] }),
    timeZone: z
      .string()
      .default('Asia/Seoul')
      .refine(isWholeHourZone, {
        message: 'is not a time zone that is whole hours from UTC',
        params: { code: 'not_allowed' },
      })
      .meta({ description: 'Of days, hours and weekdays', examples: ['Asia/Seoul'] }),
    source: z
      .enum(['gateway', 'provider'])
      .default('gateway')
      .meta({
        description: '`provider`: the figures of the accounts beside ours, and where they differ',
        examples: ['gateway'],
      }),
    provider: queryText(50)
      .optional()
      .meta({ description: 'Only this account', examples: ['nhn'] }),
    category: z
      .enum(categories)
      .optional()
      .meta({ description: 'Only this category', examples: ['marketing'] }),
    templateId: template.optional().meta({ description: 'Only messages of this template', examples: ['nhn:welcome'] }),
    tag: queryText(100)
      .optional()
      .meta({ description: 'Only messages with this tag', examples: ['orders'] }),
    domain: queryText(254)
      .meta({ examples: ['example.com'] })
      .transform((text) => text.toLowerCase())
      .optional()
      .meta({ description: 'Only recipients of this domain', examples: ['example.com'] }),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(1000)
      .meta({ description: 'Most rows', examples: [1000] }),
  })
  .transform((query, ctx) => {
    const fault = (path: string, message: string): never => {
      ctx.addIssue({ code: 'custom', path: [path], message, params: { code: 'not_allowed' } });
      return z.NEVER;
    };
    const { from, to } = spanOf(query);
    if (from >= to) return fault('to', 'must be after "from"');
    if (to.getTime() - from.getTime() > LONGEST_MS) return fault('from', 'must not be more than 400 days before "to"');
    if (query.source === 'gateway') return { ...query, from, to };
    if (!OF_PROVIDERS.has(query.groupBy)) return fault('groupBy', 'is not known of the figures of the accounts');
    const narrow = ONLY_OURS.find((name) => query[name] !== undefined);
    if (narrow !== undefined) return fault(narrow, 'is not known of the figures of the accounts');
    if (query.timeZone !== 'Asia/Seoul') return fault('timeZone', 'the accounts count the days of Asia/Seoul');
    return { ...query, from, to };
  });

/** Whole hours, as figures are kept: the hour that `from` is in, and the one that `to` is in. */
function spanOf(query: { from?: string | undefined; to?: string | undefined; timeZone: string }) {
  const { timeZone } = query;
  const lastDay = query.to ?? dayOf(new Date(), timeZone);
  const to = isDay(lastDay) ? dayStart(lastDay, timeZone, 1) : new Date(ceil(Date.parse(lastDay)));
  const first = query.from ?? dayOf(new Date(to.getTime() - DEFAULT_DAYS * DAY_MS), timeZone);
  const from = isDay(first) ? dayStart(first, timeZone) : new Date(floor(Date.parse(first)));
  return { from, to };
}

const isDay = (text: string): boolean => text.length === 10;
const floor = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;
const ceil = (ms: number): number => Math.ceil(ms / HOUR_MS) * HOUR_MS;

const count = z.int();
const counts = z
  .object({
    requested: count,
    submitted: count.meta({ description: 'In a request that a provider took' }),
    sent: count.meta({ description: 'Handed over, with or without proof of receipt' }),
    delivered: count.meta({ description: 'With proof of receipt' }),
    opened: count,
    bounced: count,
    failed: count.meta({ description: 'Failed, rejected or expired' }),
    suppressed: count,
  })
  .meta({ id: 'StatisticCounts' });

const rate = z.number().nullable();
const rates = z
  .object({ submitted: rate, sent: rate, delivered: rate, opened: rate, bounced: rate, failed: rate, suppressed: rate })
  .meta({
    id: 'StatisticRates',
    description:
      'Submitted, failed and suppressed of requested; sent, delivered and bounced of submitted; opened of delivered',
  });

const reported = z.int().nullable();
const fromAccount = z.object({ requested: reported, sent: reported, delivered: reported, opened: reported });

const row = z.object({
  key: z.string().nullable().meta({ description: 'Of the group; null: without template or tag' }),
  counts,
  rates,
  provider: z.string().optional().meta({ description: 'Whose figures stand beside ours' }),
  providerCounts: fromAccount.optional().meta({ description: 'What the account says; null: it does not say' }),
  differences: fromAccount.optional().meta({ description: 'What the account has more than we' }),
});

export const statistics = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    groupBy: z.enum(statisticGroups),
    timeZone: z.string(),
    source: z.enum(['gateway', 'provider']),
    data: z.array(row),
    problems: z
      .array(z.looseObject({ provider: z.string(), problem: z.looseObject({ code: z.string() }) }))
      .optional()
      .meta({ description: 'Accounts that did not tell their figures' }),
  })
  .meta({ id: 'Statistics' });
