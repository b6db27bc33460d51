import { z } from 'zod';
import { changeBounceBlock } from './providers.schema.js';
import { json, type OperationDoc } from '../openapi/operation.js';

const block = z
  .object({
    provider: z.string(),
    hours: z
      .int()
      .meta({ description: 'Hours for which the provider does not send to an address after a hard bounce' }),
    leastHours: z.int().meta({ description: 'The shortest time that it accepts' }),
  })
  .meta({ id: 'BounceBlock' });

const example: z.input<typeof block> = { provider: 'ncp', hours: 168, leastHours: 168 };
const name = { name: { description: 'Name of the account', schema: { type: 'string' }, example: 'ncp' } };

export const getBounceBlock: OperationDoc = {
  id: 'getBounceBlock',
  summary: 'Show how long a provider blocks addresses',
  description:
    'Asks the account. After a hard bounce a provider may refuse to send to the address, for all its customers; ' +
    'such a recipient fails with the reason `provider_suppressed`. Accounts without this setting answer `404`.',
  path: name,
  answers: [{ status: 200, description: 'The current setting', content: json(block, example) }],
  problems: ['not_found', 'unsupported_by_provider', 'overloaded'],
};

export const setBounceBlock: OperationDoc = {
  id: 'setBounceBlock',
  summary: 'Change how long a provider blocks addresses',
  description:
    'Changes the setting of the account, for all its users. The setting of the gateway is ' +
    '`BOUNCE_SUPPRESSION_DAYS`.',
  path: name,
  bodies: [
    {
      description: 'The time',
      schema: changeBounceBlock.meta({ id: 'ChangeBounceBlock' }),
      examples: () => ({ week: { summary: 'A week', value: { hours: 168 } } }),
    },
  ],
  answers: [{ status: 200, description: 'The new setting', content: json(block, example) }],
  problems: ['not_found', 'unsupported_by_provider', 'overloaded'],
};
