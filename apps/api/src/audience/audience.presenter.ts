import { encodeId } from '@gateway/core';
import type { ContactRow, GroupRow } from '@gateway/database';
import type { ListedList, PushAnswer } from '@gateway/delivery';

export const presentContact = (row: ContactRow) => ({
  id: encodeId('contact', row.id),
  externalId: row.externalId,
  name: row.name,
  addresses: row.addresses,
  groups: row.groups,
  attributes: row.attributes,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export const presentGroup = (row: GroupRow) => ({
  id: encodeId('group', row.id),
  name: row.name,
  description: row.description,
  memberCount: row.memberCount,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

/** Of a push that is not at its end nothing is known yet. */
const NOT_YET = {
  providerGroupId: null,
  name: null,
  addressCount: null,
  added: null,
  removed: null,
  providerAddressCount: null,
  pushedAt: null,
};

export const presentPush = ({ provider, complete, group, result }: PushAnswer) => ({
  provider,
  complete,
  memberCount: group.memberCount,
  ...(result === undefined ? NOT_YET : { ...result, pushedAt: result.pushedAt.toISOString() }),
});

export const presentList = ({ id, name, addressCount, groupId }: ListedList) => ({
  id,
  name,
  addressCount: addressCount ?? null,
  groupId: groupId === undefined ? null : encodeId('group', groupId),
});
