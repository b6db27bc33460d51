import { z } from 'zod';
import { instant } from '../openapi/common.js';
import { json, type OperationDoc } from '../openapi/operation.js';

const state = z.enum(['ok', 'missing', 'fault']);
const known = z.enum(['ok', 'missing', 'unknown']);
const record = z.string().nullable().meta({ description: 'As the name server gave it' });

const domain = z
  .object({
    domain: z.string(),
    lastUsedAt: instant
      .nullable()
      .meta({ description: 'When a message of it was accepted last; `null`: in templates only' }),
    messages: z.int().meta({ description: 'How many of the latest 5,000 messages have a sender of it' }),
    templates: z.int().meta({ description: 'How many templates have a sender of it' }),
    checkedAt: instant.nullable().meta({ description: 'When name servers were asked; answers count for an hour' }),
    problem: z
      .string()
      .nullable()
      .meta({ description: 'Why some of it could not be looked up; that is then null or missing' }),
    spf: z
      .object({ state, record, detail: z.string(), includes: z.array(z.string()) })
      .nullable()
      .meta({
        description: '`fault`: receivers treat it as if there were none. `includes`: all domains that it takes in',
      }),
    dmarc: z
      .object({
        state,
        policy: z.enum(['none', 'quarantine', 'reject']).nullable(),
        record,
        domain: z.string().nullable().meta({ description: 'Where the record was found: the domain, or one above it' }),
        detail: z.string(),
      })
      .nullable(),
    dkim: z
      .array(z.object({ selector: z.string(), state }))
      .meta({ description: 'Keys under the selectors that vendors document' }),
    accounts: z
      .array(
        z.object({
          name: z.string(),
          spf: known.meta({ description: 'Does the SPF record take in the vendor?' }),
          dkim: known.meta({ description: 'Is there a key of the vendor?' }),
          dmarc: z.enum(['pass', 'fail', 'no_policy', 'unknown']).meta({
            description:
              '`fail`: both are missing; a message through this account has a warning. `unknown`: the vendor does not ' +
              'document what it needs, or the domain could not be looked up',
          }),
        }),
      )
      .meta({ description: 'What it means for mail through each account' }),
  })
  .meta({ id: 'SendingDomain' });

const list = z.object({ data: z.array(domain), nextCursor: z.null() }).meta({ id: 'SendingDomainList' });

const example: z.input<typeof domain> = {
  domain: 'example.com',
  lastUsedAt: '2026-11-20T09:00:00.000Z',
  messages: 120,
  templates: 2,
  checkedAt: '2026-11-20T09:01:00.000Z',
  problem: null,
  spf: {
    state: 'ok',
    record: 'v=spf1 include:email.ncloud.com -all',
    detail: '1 of at most 10 look-ups',
    includes: ['email.ncloud.com'],
  },
  dmarc: {
    state: 'ok',
    policy: 'reject',
    record: 'v=DMARC1; p=reject',
    domain: 'example.com',
    detail: 'the policy is reject',
  },
  dkim: [{ selector: 'ncpcompubkr', state: 'ok' }],
  accounts: [
    { name: 'ncp', spf: 'ok', dkim: 'ok', dmarc: 'pass' },
    { name: 'nhn', spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' },
  ],
};

export const listSendingDomains: OperationDoc = {
  id: 'listSendingDomains',
  summary: 'List sender domains',
  description:
    'The domains of senders in recent messages and in templates, at most 100, with their SPF, DKIM and DMARC records. Of ' +
    "the caller's client; an administrator of the gateway sees those of all clients. Answers of name servers are kept for " +
    'an hour. The call waits at most five seconds for them, and says of each domain when it was looked up.',
  answers: [
    {
      status: 200,
      description: 'Domains, the latest used first',
      content: json(list, { data: [example], nextCursor: null }),
    },
  ],
};
