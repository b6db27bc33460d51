import type { FieldSpec } from '../../../http/fields.js';

/** Body of create mail request (sens.md §2.1). v1's `referencesHeader` is not in the list. */
export const SEND_FIELDS: FieldSpec = {
  senderAddress: 'string',
  senderName: 'string',
  templateNo: 'int',
  title: 'string',
  body: 'string',
  individual: 'boolean',
  confirmAndSend: 'boolean',
  advertising: 'boolean',
  parameters: 'object',
  reservationDateTime: 'string',
  attachFileIds: 'array',
  recipients: 'array',
  recipientGroupFilter: 'object',
  useBasicUnsubscribeMessage: 'boolean',
  unsubscribeMessage: 'string',
};

export const RECIPIENT_FIELDS: FieldSpec = { address: 'string', name: 'string', type: 'string', parameters: 'object' };

export const GROUP_FILTER_FIELDS: FieldSpec = { operator: 'string', groups: 'array' };

export const LIMITS = {
  addressBytes: 254,
  nameBytes: 69,
  titleBytes: 500,
  recipients: 100_000,
  carbonCopies: 30,
  reservationAheadMs: 30 * 86_400_000,
} as const;
