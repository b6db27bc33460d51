import { categories, decodeId, eventTypesOf } from '@gateway/core';
import { z } from 'zod';
import { eventCursor } from '../events/event-list.schema.js';
import { boundedList } from '../http/fields/bounded-list.js';
import { instantFault } from '../http/fields/instant.js';
import { issue } from '../http/fields/issue.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { durationText } from '../http/fields/duration.js';
import { customHeaders } from './fields/custom-headers.js';
import { targetUrl } from './fields/target-url.js';

const MOST_PATTERNS = 50;
const MOST_VALUES = 50;
const DAY_MS = 86_400_000;

const pattern = z
  .string()
  .trim()
  .max(100)
  .refine((text) => eventTypesOf(text).length > 0, {
    message: 'is not a type of event, nor a group like "recipient.*"; see GET /v1/webhook-event-types',
    params: { code: 'unknown_reference' },
  });

const events = boundedList(pattern, 0, MOST_PATTERNS).meta({
  description: 'Types of events, or groups of them; empty: all',
  examples: [['recipient.*', 'message.completed']],
});

const word = z.string().trim().min(1).max(100);

const templateId = z.string().refine((id) => decodeId('template', id) !== undefined, {
  message: 'is not the id of a template',
  params: { code: 'unknown_reference' },
});

const metadataValue = z.union([z.string().max(500), z.number(), z.boolean()]).transform(String);

const filter = z
  .strictObject({
    categories: boundedList(z.enum(categories), 1, MOST_VALUES).optional(),
    tags: boundedList(word, 1, MOST_VALUES).optional(),
    providers: boundedList(word, 1, MOST_VALUES).optional().meta({ description: 'Names of accounts' }),
    templateIds: boundedList(templateId, 1, MOST_VALUES).optional(),
    metadata: z
      .record(z.string().min(1).max(100), metadataValue)
      .refine((value) => Object.keys(value).length <= MOST_VALUES, {
        message: `must have at most ${MOST_VALUES} entries`,
        params: { code: 'too_many' },
      })
      .optional()
      .meta({ description: 'All of these values must be in the metadata of the message' }),
  })
  .meta({ description: 'Only events of such messages. A list matches any of its members; every part must match' });

const batch = z
  .strictObject({
    maxEvents: z
      .int()
      .min(2)
      .max(500)
      .optional()
      .meta({ description: 'Default: 100', examples: [100] }),
    maxWaitMs: z
      .int()
      .min(0)
      .max(60_000)
      .optional()
      .meta({ description: 'How long a request waits to be full. Default: 1000', examples: [1000] }),
  })
  .meta({ description: 'Several events in each request; empty: one event in each' });

const description = z.string().trim().max(500).meta({ description: 'In your own words' });
const maxPerSecond = z
  .int()
  .min(0)
  .max(1000)
  .meta({ description: 'Requests per second at most; 0: no limit', examples: [50] });
const ordered = z
  .boolean()
  .meta({ description: 'One request at a time, in order: a request that fails holds up all later ones' });
const maxInFlight = z
  .int()
  .min(1)
  .max(16)
  .meta({ description: 'Concurrent requests at most', examples: [4] });

const settings = {
  events: events.optional(),
  description: description.optional(),
  filter: filter.optional(),
  batch: batch.optional(),
  ordered: ordered.optional(),
  maxInFlight: maxInFlight.optional(),
  maxPerSecond: maxPerSecond.optional(),
  headers: customHeaders.optional(),
  enabled: z.boolean().optional().meta({ description: 'False: paused' }),
};

/** A cursor of `GET /v1/events`, or a time. */
const place = z
  .string()
  .max(500)
  .transform((text, ctx) => {
    if (instantFault(text) === undefined) return new Date(text);
    const cursor = eventCursor.safeParse(text);
    if (cursor.success && cursor.data !== undefined) return cursor.data;
    ctx.addIssue(issue('not_allowed', 'must be a `nextCursor` of GET /v1/events or an RFC 3339 timestamp'));
    return z.NEVER;
  });

export type GivenPlace = z.output<typeof place>;

export const createEndpoint = z.strictObject({
  url: targetUrl,
  ...settings,
  signing: z
    .enum(['hmac', 'ed25519'])
    .optional()
    .meta({ description: '`hmac` (default): a shared secret. `ed25519`: a public key for you' }),
  from: place.optional().meta({
    description: 'Where to begin: a cursor of the feed, or a time. Default: now',
    examples: ['2026-11-20T00:00:00Z'],
  }),
});

export const updateEndpoint = z.strictObject({ url: targetUrl.optional(), ...settings });

export const testEndpoint = z.strictObject({
  type: z
    .string()
    .refine((type) => !type.includes('*') && eventTypesOf(type).length === 1, {
      message: 'is not a type of event; see GET /v1/webhook-event-types',
      params: { code: 'unknown_reference' },
    })
    .optional()
    .meta({
      description: 'Type of the example event. Default: `message.completed`',
      examples: ['recipient.delivered'],
    }),
});

export const resumeEndpoint = z.strictObject({
  from: z
    .enum(['held', 'now'])
    .optional()
    .meta({ description: '`held` (default): from where it was paused. `now`: what waited is not sent' }),
});

export const rotateSecret = z.strictObject({
  overlap: durationText(7 * DAY_MS)
    .optional()
    .meta({
      description:
        'How long the old secret signs as well: an ISO 8601 duration up to 7 days. Default: `PT24H`; `PT0S`: not at all',
      examples: ['PT24H'],
    }),
});

const eventId = z
  .string()
  .max(60)
  .meta({ examples: [EXAMPLE_IDS.event] });

export const replayEvents = z
  .strictObject({
    events: boundedList(eventId, 1, 1000).optional().meta({ description: 'Ids of events' }),
    from: place.optional().meta({ description: 'Cursor or time', examples: ['2026-11-20T00:00:00Z'] }),
    to: place.optional().meta({ description: 'Cursor or time, exclusive', examples: ['2026-11-20T01:00:00Z'] }),
    types: boundedList(pattern, 1, MOST_PATTERNS).optional().meta({ description: "Default: the endpoint's own" }),
    failed: z.literal(true).optional().meta({ description: 'Everything that failed for good' }),
    dryRun: z.boolean().optional().meta({ description: 'Only count' }),
  })
  .superRefine((value, ctx) => {
    const { events: ids, from, to, types, failed } = value;
    const isRange = from !== undefined || to !== undefined || types !== undefined;
    const kinds = [ids !== undefined, isRange, failed !== undefined].filter(Boolean).length;
    if (kinds === 0) ctx.addIssue(issue('required', 'needs one of "events", "from" with "to", or "failed"'));
    else if (kinds > 1)
      ctx.addIssue(issue('not_allowed', 'takes only one of "events", "from" with "to", and "failed"'));
    else if (isRange && from === undefined) ctx.addIssue(issue('required', 'is required', ['from']));
    else if (isRange && to === undefined) ctx.addIssue(issue('required', 'is required', ['to']));
  });
