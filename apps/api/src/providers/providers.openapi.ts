import { z } from 'zod';
import { services } from './account-services.openapi.js';
import { accountFigures, stranded } from './account-figures.schema.js';
import { pause } from './providers.schema.js';
import { instant, keyId } from '../openapi/common.js';
import { json, type OperationDoc } from '../openapi/operation.js';

const account = z
  .object({
    name: z.string(),
    kind: z.string(),
    version: z.string(),
    sandbox: z.boolean().meta({ description: 'True: a simulator replaces the provider, and no mail is sent' }),
    capabilities: z
      .object({
        doubt: z.enum(['lookup', 'repeat', 'events', 'none']).meta({
          description:
            'How a request whose answer never arrived is settled. `lookup`: the provider is asked for it. `repeat`: the ' +
            'same request is sent again with the same idempotency key. `events`: the provider reports it. `none`: it ' +
            'stays `unconfirmed`, is never sent again and expires',
        }),
        historyDays: z.int().optional().meta({
          description: "Days after which the vendor deletes its own record of a mail; absent: its documents don't say",
        }),
        tracking: z.array(z.enum(['poll', 'push'])).meta({
          description: 'How the states of recipients are learnt: the gateway asks, or the provider calls the gateway',
        }),
        customHeaders: z.boolean(),
        unsubscribeUrl: z.boolean(),
        openTracking: z.boolean(),
        findByMarker: z.boolean(),
        forbiddenHeaders: z.array(z.string()),
        rules: z
          .object({
            recipientNameUnit: z
              .enum(['bytes', 'characters'])
              .meta({ description: 'How recipient names are measured' }),
            excludedSenderDomains: z.array(z.string()).meta({ description: 'Includes the domains below them' }),
            envelopeFromHeader: z
              .string()
              .optional()
              .meta({ description: "Takes only an address of the sender's own root domain" }),
            senderAuthentication: z
              .object({ spfDomains: z.array(z.string()), dkimSelectors: z.array(z.string()) })
              .optional()
              .meta({ description: 'DNS records that a sender domain needs, where the vendor documents them' }),
            withoutAttachments: z
              .string()
              .optional()
              .meta({ description: 'Why the account takes no attachments, where it does not' }),
            fileNames: z.object({ excludedCharacters: z.string() }).optional(),
            sharedAdvertisements: z
              .literal(false)
              .optional()
              .meta({ description: 'False: an advertisement can only be individual mail' }),
            templateIds: z
              .object({
                form: z.enum(['number', 'text']),
                longest: z.int().optional(),
                excludedCharacters: z.string().optional(),
              })
              .optional()
              .meta({ description: 'Ids of templates that are stored at the account' }),
          })
          .meta({ description: 'Rules of the vendor besides sizes; checked when a message is accepted' }),
        audience: z
          .object({
            state: z.enum(['available', 'retired', 'unsupported']),
            endOfSupport: z.string().nullable().optional().meta({ description: 'Date that the vendor announced' }),
            checkedAt: instant.nullable().optional().meta({ description: 'When the account itself reported it' }),
            groupsPerMessage: z.int().optional(),
            groups: z.int().nullable().optional(),
            groupsPerContact: z.int().nullable().optional(),
          })
          .meta({ description: "Lists of the provider's own; `retired`: name the gateway's groups in an audience" }),
        services,
      })
      .meta({ description: 'Abilities of the account' }),
    limits: z.record(z.string(), z.number()).meta({
      description:
        'The limits of the account; sizes in bytes, addresses in characters, names as `capabilities.rules` says',
    }),
    quota: z
      .object({
        recipients: z.int().nullable(),
        per: z.enum(['day', 'month']),
        timeZone: z.string().meta({ description: 'Where the period begins at midnight' }),
        used: z.int(),
        left: z.int().nullable(),
      })
      .meta({ description: 'Recipients of the running period; `null`: the account has no quota' }),
    health: z.object({
      status: z.enum(['unknown', 'ok', 'failing', 'paused', 'drained']),
      paused: z.boolean(),
      pausedBy: z.enum(['operator', 'gateway']).nullable().meta({
        description:
          'The gateway pauses an account that refuses its credentials, and tries one batch from time to time',
      }),
      pauseReason: z.string().nullable(),
      pausedByKey: keyId.meta({ description: 'The API key that paused it' }),
      drained: z.boolean().meta({ description: 'It takes nothing new; what it has taken is followed' }),
      drainedAt: instant.nullable(),
      drainReason: z.string().nullable(),
      drainedByKey: keyId.meta({ description: 'The API key that drained it' }),
      resumedAt: instant.nullable(),
      resumedByKey: keyId.meta({ description: 'The API key that resumed it last' }),
      lastSuccessAt: instant.nullable(),
      lastFailureAt: instant.nullable(),
      lastFailure: z.string().nullable(),
      ...accountFigures,
    }),
  })
  .meta({ id: 'ProviderAccount' });

const providerList = z
  .object({
    data: z.array(account),
    nextCursor: z.null(),
    unconfigured: z.array(stranded).meta({
      description: 'Accounts that have mail but no credentials (any more): the mail moves where it may, or waits',
    }),
  })
  .meta({ id: 'ProviderAccountList' });

const example: z.input<typeof account> = {
  name: 'nhn',
  kind: 'nhn',
  version: 'v1.5',
  sandbox: true,
  capabilities: {
    doubt: 'lookup',
    tracking: ['poll'],
    historyDays: 62,
    customHeaders: true,
    unsubscribeUrl: true,
    openTracking: true,
    findByMarker: false,
    forbiddenHeaders: ['from', 'to', 'reply-to'],
    rules: {
      recipientNameUnit: 'characters',
      excludedSenderDomains: [],
      envelopeFromHeader: 'x-tc-envelope-from',
      fileNames: { excludedCharacters: '\\/:*?"<>|' },
      templateIds: { form: 'text', longest: 50, excludedCharacters: `/?:<>%&"'` },
    },
    audience: {
      state: 'retired',
      endOfSupport: '2026-03-24',
      checkedAt: null,
      groupsPerMessage: 4,
      groups: 2048,
      groupsPerContact: 16,
    },
    services: {
      mail: 'v1.5',
      attachments: 'v1.5',
      templates: 'v1.5',
      lists: 'v1.5',
      optOuts: 'v1.5',
      statistics: 'v1.5',
      bounceBlock: null,
    },
  },
  limits: { recipientsPerRequest: 1000, recipientsPerSharedMail: 1000, subjectBytes: 500, bodyBytes: 500_000 },
  quota: { recipients: null, per: 'month', timeZone: 'Asia/Seoul', used: 1200, left: null },
  health: {
    status: 'ok',
    paused: false,
    pausedBy: null,
    pauseReason: null,
    pausedByKey: null,
    drained: false,
    drainedAt: null,
    drainReason: null,
    drainedByKey: null,
    resumedAt: null,
    resumedByKey: null,
    lastSuccessAt: '2026-11-20T09:00:00.000Z',
    lastFailureAt: null,
    lastFailure: null,
    p95Ms: 84,
    ambiguityRate: 0,
    pollLagSeconds: 0.4,
    breaker: { state: 'closed', reason: null, until: null, failures: 0 },
  },
};

export const listProviders: OperationDoc = {
  id: 'listProviders',
  summary: 'List provider accounts',
  description: 'In the order of preference, with capabilities, quota and health.',
  answers: [
    {
      status: 200,
      description: 'Accounts in the order of preference',
      content: json(providerList, { data: [example], nextCursor: null, unconfigured: [] }),
    },
  ],
};

const name = { name: { description: 'Name of the account', schema: { type: 'string' }, example: 'nhn' } };

export const pauseProvider: OperationDoc = {
  id: 'pauseProvider',
  summary: 'Pause an account',
  description: 'Nothing is sent through it any more, and its batches wait. New messages prefer other accounts.',
  path: name,
  bodies: [
    {
      description: 'The reason',
      schema: pause,
      examples: () => ({ maintenance: { summary: 'maintenance', value: { reason: 'maintenance at the vendor' } } }),
    },
  ],
  idempotent: true,
  answers: [{ status: 200, description: 'The account', content: json(account, example) }],
  problems: ['not_found'],
};

export const drainProvider: OperationDoc = {
  id: 'drainProvider',
  summary: 'Drain an account',
  description:
    'The account takes nothing new. What it has taken is followed to its end, and its waiting batches move to other ' +
    'accounts where their messages allow that. A message that names a drained account is refused (`422`, ' +
    '`not_allowed` at `/provider`); one that names a paused account waits. Resuming the account ends both.',
  path: name,
  bodies: [
    {
      description: 'The reason',
      schema: pause,
      examples: () => ({ migration: { summary: 'migration', value: { reason: 'its mail moves to another account' } } }),
    },
  ],
  idempotent: true,
  answers: [{ status: 200, description: 'The account', content: json(account, example) }],
  problems: ['not_found'],
};

export const resumeProvider: OperationDoc = {
  id: 'resumeProvider',
  summary: 'Resume an account',
  description: 'Ends a pause and a drain. Waiting batches are due at once.',
  path: name,
  idempotent: true,
  answers: [{ status: 200, description: 'The account', content: json(account, example) }],
  problems: ['not_found'],
};
