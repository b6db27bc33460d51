import { z } from 'zod';
import { instant } from '../openapi/common.js';
import { json, type OperationDoc } from '../openapi/operation.js';

const outcome = z
  .enum(['ok', 'warning', 'fault'])
  .meta({ description: '`warning`: mail can be sent, but something needs attention. `fault`: it cannot be sent' });

const check = z
  .object({
    name: z.string(),
    kind: z.string(),
    version: z.string(),
    outcome: outcome.meta({ description: 'The worst of the findings' }),
    checkedAt: instant,
    findings: z.array(
      z.object({
        subject: z.string().meta({
          description:
            'What was asked for, such as `credentials`, `clock`, `quota`, `senders`, `templates`, `lists`, `opt-outs`',
        }),
        outcome,
        detail: z.string().meta({ description: 'What was learnt' }),
        advice: z.string().nullable().meta({ description: 'What to do about it' }),
      }),
    ),
  })
  .meta({ id: 'AccountCheck' });

const example: z.input<typeof check> = {
  name: 'ncp',
  kind: 'ncp',
  version: 'v1',
  outcome: 'warning',
  checkedAt: '2026-11-20T09:00:00.000Z',
  findings: [
    { subject: 'credentials', outcome: 'ok', detail: 'the signature is accepted', advice: null },
    {
      subject: 'clock',
      outcome: 'warning',
      detail: "is 40 s ahead of the provider's",
      advice: 'synchronise the clock of this machine (NTP)',
    },
  ],
};

export const checkProvider: OperationDoc = {
  id: 'checkProvider',
  summary: 'Check an account',
  description:
    'Asks the account harmless questions and reports what was learnt: whether its keys are accepted, whether the clocks ' +
    'agree, its quota, senders, templates and lists. Nothing is sent, changed or used up. An account that does not answer, ' +
    'or answers nonsense, is a finding. `npm run accounts:check` reports the same for all accounts.',
  path: { name: { description: 'Name of the account', schema: { type: 'string' }, example: 'ncp' } },
  idempotent: true,
  answers: [{ status: 200, description: 'What was learnt', content: json(check, example) }],
  problems: ['not_found'],
};
