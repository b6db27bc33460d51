import { z } from 'zod';
import { pushInput } from '../../audience/groups.schema.js';
import { idOf, instant } from '../common.js';
import { EXAMPLE_IDS } from '../example-ids.js';
import { json, type OperationDoc } from '../operation.js';
import { exampleGroup, groupId } from './group-operations.js';

const pushed = z
  .object({
    provider: z.string(),
    complete: z.boolean().meta({ description: 'False: it goes on by itself; until its end mails to the list wait' }),
    providerGroupId: z.string().nullable().meta({ description: 'What the provider calls the list by' }),
    name: z
      .string()
      .nullable()
      .meta({ description: "The list's name there: the group's, with a suffix where that is taken" }),
    memberCount: z.int().meta({ description: 'Contacts in the group' }),
    addressCount: z.int().nullable().meta({ description: 'Their addresses, as they were told to the provider' }),
    added: z.int().nullable(),
    removed: z.int().nullable(),
    providerAddressCount: z.int().nullable().meta({ description: 'As the provider counts; null where it does not' }),
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
    "Brings the provider's own list (address book, tags) in step with the group: who joined is added, who left is " +
    'removed, a new name is taken over; who is on the list of suppressions for all mail is left out. A message goes to ' +
    'it by `"audience": {"provider": "ncp", "groups": ["docs-vip"], "match": "any"}`. It is not needed for a message ' +
    'to the group itself, which every account can send.',
  path: groupId,
  bodies: [
    {
      description: 'The account',
      schema: pushInput.meta({ id: 'PushGroup' }),
      examples: () => ({ push: { summary: 'To an address book', value: { provider: 'ncp' } } }),
    },
  ],
  answers: [
    { status: 200, description: 'The list is in step', content: json(pushed, answer) },
    {
      status: 202,
      description: 'It takes longer, and goes on by itself',
      content: json(pushed, {
        ...answer,
        ...{ complete: false, providerGroupId: null, name: null, addressCount: null, added: null, removed: null },
        ...{ providerAddressCount: null, pushedAt: null },
      }),
    },
  ],
  problems: ['unsupported_by_provider', 'provider_retired', 'overloaded'],
};

const list = z
  .object({
    id: z.string().meta({ description: 'As the provider writes it' }),
    name: z.string(),
    addressCount: z.int().nullable().meta({ description: 'As the provider counts; null where it does not' }),
    groupId: idOf('group').nullable().meta({ description: 'The group of yours that was pushed to it' }),
  })
  .meta({ id: 'ProviderGroup' });

const name = { name: { description: 'Name of the account', schema: { type: 'string' }, example: 'ncp' } };

export const listProviderGroups: OperationDoc = {
  id: 'listProviderGroups',
  summary: "List a provider's own groups",
  description:
    'Asks the account at once, also when it is known to have ended its lists: so this is how to find out whether it ' +
    "has them again. Shows your groups' copies and lists that were made elsewhere.",
  path: name,
  answers: [
    {
      status: 200,
      description: 'All lists that stand there',
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
    'Empties the address book of the account, or removes all of its tags, whoever has made them. The groups here stay ' +
    'and may be pushed again.',
  path: name,
  answers: [{ status: 204, description: 'Nothing stands there any more' }],
  problems: ['not_found', 'provider_retired', 'overloaded'],
};
