import { z } from 'zod';
import { pushInput } from './groups.schema.js';
import { idOf, instant } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import { exampleGroup, groupId } from './groups.openapi.js';

const pushed = z
  .object({
    provider: z.string(),
    complete: z
      .boolean()
      .meta({ description: 'False: it continues after the answer, and mail to the list waits for it' }),
    providerGroupId: z.string().nullable().meta({ description: 'Id of the list at the provider' }),
    name: z
      .string()
      .nullable()
      .meta({ description: 'Name of the list at the provider: that of the group, with a suffix if it is taken' }),
    memberCount: z.int().meta({ description: 'Contacts in the group' }),
    addressCount: z.int().nullable().meta({ description: 'Addresses that the provider was given' }),
    added: z.int().nullable(),
    removed: z.int().nullable(),
    providerAddressCount: z.int().nullable().meta({ description: 'Count of the provider; null: it does not count' }),
    pushedAt: instant.nullable(),
  })
  .meta({ id: 'GroupPush' });

const answer: z.input<typeof pushed> = {
  provider: 'ncp',
  complete: true,
  providerGroupId: exampleGroup.name,
  name: exampleGroup.name,
  memberCount: 2,
  addressCount: 2,
  added: 2,
  removed: 0,
  providerAddressCount: 2,
  pushedAt: '2026-11-20T09:00:00.000Z',
};

export const pushGroup: OperationDoc = {
  id: 'pushGroup',
  summary: 'Push a group to a provider',
  description:
    "Updates the provider's own list (address book, tag) to the group: joiners are added, leavers removed, and a " +
    'new name is copied. Addresses that are suppressed for all mail are left out. A message goes to the list ' +
    'with `"audience": {"provider": "ncp", "groups": ["docs-vip"], "match": "any"}`. A message to the group ' +
    'itself does not need it and can be sent by every account.',
  path: groupId,
  bodies: [
    {
      description: 'The account',
      schema: pushInput.meta({ id: 'PushGroup' }),
      examples: () => ({ push: { summary: 'To an address book', value: { provider: 'ncp' } } }),
    },
  ],
  idempotent: true,
  answers: [
    { status: 200, description: 'The list equals the group', content: json(pushed, answer) },
    {
      status: 202,
      description: 'The push continues after the answer',
      content: json(pushed, {
        ...answer,
        complete: false,
        providerGroupId: null,
        name: null,
        addressCount: null,
        added: null,
        removed: null,
        providerAddressCount: null,
        pushedAt: null,
      }),
    },
  ],
  problems: ['unsupported_by_provider', 'provider_retired', 'overloaded'],
};

const list = z
  .object({
    id: z.string().meta({ description: 'Id at the provider' }),
    name: z.string(),
    addressCount: z.int().nullable().meta({ description: 'Count of the provider; null: it does not count' }),
    groupId: idOf('group').nullable().meta({ description: 'Your group that was pushed to it' }),
  })
  .meta({ id: 'ProviderGroup' });

const name = { name: { description: 'Name of the account', schema: { type: 'string' }, example: 'ncp' } };

export const listProviderGroups: OperationDoc = {
  id: 'listProviderGroups',
  summary: "List a provider's own groups",
  description:
    'Asks the account, even if it is known to have ended its lists, so this call shows whether it has them ' +
    'again. Shows the copies of your groups, and lists that were made elsewhere.',
  path: name,
  answers: [
    {
      status: 200,
      description: 'All lists at the account',
      content: json(z.object({ data: z.array(list), nextCursor: z.null() }).meta({ id: 'ProviderGroupList' }), {
        data: [{ id: exampleGroup.name, name: exampleGroup.name, addressCount: 2, groupId: EXAMPLE_IDS.group }],
        nextCursor: null,
      }),
    },
  ],
  problems: ['not_found', 'provider_retired', 'overloaded'],
};

export const wipeProviderGroups: OperationDoc = {
  id: 'wipeProviderGroups',
  summary: "Remove all of a provider's own groups",
  description:
    'Empties the address book of the account, or removes all of its tags, also those made by others. The groups here stay ' +
    'and may be pushed again.',
  path: name,
  answers: [{ status: 204, description: 'The account has no lists any more' }],
  problems: ['not_found', 'provider_retired', 'overloaded'],
};
