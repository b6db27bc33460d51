import { categories, decodeId, fallbackModes, normaliseDomain, stickyModes } from '@gateway/core';
import { z } from 'zod';
import { boundedList } from '../http/fields/bounded-list.js';
import { issue } from '../http/fields/issue.js';
import { cursorOf, pageQuery } from '../http/page.js';

export const MOST_ROUTES = 200;
const MOST_VALUES = 100;
const MOST_USES = 50;
const HEAVIEST = 1_000_000;
const LONGEST_WINDOW = 10_000;
const MOST_LAST = 10_000;
const WILDCARD = '*.';

const word = z.string().trim().min(1).max(100);
const account = word.meta({ description: 'Name of an account', examples: ['ncp'] });

const domain = z.string().transform((text, ctx) => {
  const trimmed = text.trim();
  const wildcard = trimmed.startsWith(WILDCARD) ? WILDCARD : '';
  const normal = normaliseDomain(trimmed.slice(wildcard.length));
  if (normal !== undefined) return `${wildcard}${normal}`;
  ctx.addIssue(issue('not_allowed', 'is not a domain, nor "*." and a domain'));
  return z.NEVER;
});

const template = z.string().refine((id) => decodeId('template', id) !== undefined, {
  message: 'is not the id of a template',
  params: { code: 'unknown_reference' },
});

const values = <T extends z.ZodType>(element: T, description: string) =>
  boundedList(element, 1, MOST_VALUES)
    .transform((list) => [...new Set(list)] as z.output<T>[])
    .optional()
    .meta({ description });

const match = z
  .strictObject({
    clients: values(word, 'Names of clients'),
    categories: values(z.enum(categories), 'Categories'),
    fromDomains: values(domain, "The sender's domain; `*.example.com`: the domains below `example.com`"),
    tags: values(word, 'One of the tags of the message'),
    templates: values(template, 'Ids of templates of the gateway'),
  })
  .meta({
    description: 'A list matches any of its members; every part must match. Empty: every message',
    examples: [{ categories: ['marketing'] }],
  });

const use = z.strictObject({
  account,
  weight: z
    .number()
    .min(0)
    .max(HEAVIEST)
    .meta({
      description: 'Share of the messages, relative to the other weights; 0: none, not even by failover',
      examples: [75],
    }),
});

const haltIf = z
  .strictObject({
    failureRate: z
      .number()
      .min(0)
      .max(1)
      .meta({ description: 'A higher rate halts the account', examples: [0.1] }),
    over: z
      .int()
      .min(1)
      .max(LONGEST_WINDOW)
      .meta({ description: 'Number of messages', examples: [100] }),
  })
  .meta({
    description:
      'When of the last `over` messages of one account of the route more than `failureRate` had a recipient `failed`, ' +
      '`rejected`, `expired` or hard `bounced`, the weight of the account becomes 0',
  });

const id = z.string().transform((text, ctx) => {
  const uuid = decodeId('route', text);
  if (uuid !== undefined) return uuid;
  ctx.addIssue(issue('unknown_reference', 'is not the id of a route; leave it out for a new one'));
  return z.NEVER;
});

const route = z.strictObject({
  id: id.optional().meta({ description: 'Without it a route keeps the id of the stored route with its name' }),
  name: word.meta({ description: 'Unique; shown with each message', examples: ['newsletters'] }),
  match: match.default({}),
  use: boundedList(use, 1, MOST_USES).meta({ description: 'Accounts and their shares' }),
  sticky: z
    .enum(stickyModes)
    .default('message')
    .meta({
      description:
        '`message`: each message is drawn by itself, and an Idempotency-Key always draws the same. `recipientDomain`: all ' +
        'messages to one domain (of the first recipient) go to one account. `none`: drawn again for each message',
    }),
  fallback: z
    .enum(fallbackModes)
    .default('next')
    .meta({
      description:
        'When no account of the route can take a message. `next`: the following matching routes, then PROVIDER_ORDER. ' +
        '`none`: no other account, ever: the message is refused, or waits',
    }),
  shadow: account.optional().meta({
    description: 'An account whose requests are built and compared, but not sent: see `GET /v1/routes/{id}/shadow`',
  }),
  haltIf: haltIf.optional(),
});

const routes = boundedList(route, 0, MOST_ROUTES).meta({
  description: 'In order: the first match wins. The last route, PROVIDER_ORDER, is not listed',
});

export const putRoutes = z.strictObject({
  version: z
    .int()
    .min(0)
    .meta({ description: 'The version that the change is based on; 0 before the first', examples: [7] }),
  routes,
});

export const dryRunRoutes = z.strictObject({
  routes,
  last: z
    .int()
    .min(1)
    .max(MOST_LAST)
    .default(100)
    .meta({ description: 'Number of the last messages, of all clients', examples: [100] }),
});

export const listRouteVersions = z.strictObject({ ...pageQuery, cursor: cursorOf(z.int().min(1), 7) });
