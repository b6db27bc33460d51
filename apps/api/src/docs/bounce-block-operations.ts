import { z } from 'zod';
import { changeBounceBlock } from '../providers/providers.schema.js';
import { json, type OperationDoc } from './operation.js';

const block = z
  .object({
    provider: z.string(),
    hours: z.int().meta({ description: 'How long the provider does not try an address after a hard bounce' }),
    leastHours: z.int().meta({ description: 'The shortest that it takes' }),
  })
  .meta({ id: 'BounceBlock' });

const example: z.input<typeof block> = { provider: 'ncp', hours: 168, leastHours: 168 };
const name = { name: { description: 'Name of the account', schema: { type: 'string' }, example: 'ncp' } };

export const getBounceBlock: OperationDoc = {
  id: 'getBounceBlock',
  summary: 'Show how long a provider blocks addresses',
  description:
    'Asks the account. A provider may refuse to try an address that bounced hard, by itself and for all its customers; ' +
    'such a recipient fails with the reason `provider_suppressed`. Accounts without such a setting answer 404.',
  path: name,
  answers: [{ status: 200, description: 'As the account says it now', content: json(block, example) }],
  problems: ['not_found', 'unsupported_by_provider', 'overloaded'],
};

export const setBounceBlock: OperationDoc = {
  id: 'setBounceBlock',
  summary: 'Change how long a provider blocks addresses',
  description: 'Changes the setting of the account, for everybody who uses it. `BOUNCE_SUPPRESSION_DAYS` is our own.',
  path: name,
  bodies: [
    {
      description: 'How long',
      schema: changeBounceBlock.meta({ id: 'ChangeBounceBlock' }),
      examples: () => ({ week: { summary: 'A week', value: { hours: 168 } } }),
    },
  ],
  answers: [{ status: 200, description: 'As the account says it afterwards', content: json(block, example) }],
  problems: ['not_found', 'unsupported_by_provider', 'overloaded'],
};
