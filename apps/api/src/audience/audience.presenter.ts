import { encodeId } from '@gateway/core';
import type { ContactRow, GroupRow } from '@gateway/database';

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
