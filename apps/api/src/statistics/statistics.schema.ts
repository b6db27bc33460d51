import { categories, decodeId } from '@gateway/core';
import { statisticGroups } from '@gateway/database';
import { z } from 'zod';
import { queryDomain } from '../http/fields/address.js';
import { instantFault } from '../http/fields/instant.js';
import { issue } from '../http/fields/issue.js';
import { queryText } from '../http/page.js';
import { queryInteger } from '../http/query/query-integer.js';
import { dayOf, dayStart, isWholeHourZone } from './zoned-day.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The last hour that a timestamp of four digits can name; the end of that year's last day would need a fifth. */
const LAST_HOUR_MS = Date.parse('9999-12-31T23:00:00Z');
const DEFAULT_DAYS = 30;
/** Nothing was sent before. */
const FIRST_YEAR = 1970;
const LONGEST_MS = 400 * DAY_MS;

const moment = z.string().superRefine((text, ctx) => {
  const fault = z.iso.date().safeParse(text).success ? undefined : instantFault(text, 'must be a day or');
  if (fault !== undefined) ctx.addIssue(issue('invalid_type', fault));
  else if (Number(text.slice(0, 4)) < FIRST_YEAR)
    ctx.addIssue(issue('not_allowed', `must not be before ${FIRST_YEAR}`));
});

/** The groupings that a provider's own figures allow. */
const OF_PROVIDERS: ReadonlySet<string> = new Set(['date', 'hour', 'weekday', 'provider']);
const ONLY_OURS = ['category', 'templateId', 'tag', 'domain'] as const;

/** `tpl_…`, or `account:id` for a provider's own template. */
const template = queryText(200)
  .meta({ examples: ['nhn:welcome'] })
  .transform((text, ctx) => {
    const uuid = decodeId('template', text);
    if (uuid === undefined && !text.includes(':')) {
      ctx.addIssue(issue('unknown_reference', "there is no template with this id; a provider's own is account:id"));
    }
    return uuid ?? text;
  });

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
        description:
          '`provider`: the figures of the accounts beside ours, and where they differ; of all clients, so scope `admin`',
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
    domain: queryDomain.optional(),
    limit: queryInteger(1, 1000)
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
  const end = isDay(lastDay) ? dayStart(lastDay, timeZone, 1) : new Date(ceil(Date.parse(lastDay)));
  const to = new Date(Math.min(end.getTime(), LAST_HOUR_MS));
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
    submitted: count.meta({ description: 'In a request that a provider accepted' }),
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
  provider: z.string().optional().meta({ description: 'The account whose figures are compared' }),
  providerCounts: fromAccount.optional().meta({ description: 'Counts of the account; null: it does not report them' }),
  differences: fromAccount.optional().meta({ description: 'Counts of the account minus those of the gateway' }),
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
      .meta({ description: 'Accounts that did not report their counts' }),
  })
  .meta({ id: 'Statistics' });
