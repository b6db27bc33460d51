import type { FieldSpec } from '../../../http/fields.js';

/** Body of createMailRequest (ncp.md §3.1). `templateSid` as digits in a string is accepted by the real API. */
export const SEND_FIELDS: FieldSpec = {
  senderAddress: 'string',
  senderName: 'string',
  templateSid: 'int-or-digits',
  title: 'string',
  body: 'string',
  individual: 'boolean',
  confirmAndSend: 'boolean',
  advertising: 'boolean',
  parameters: 'object',
  referencesHeader: 'string',
  reservationUtc: 'int',
  reservationDateTime: 'string',
  attachFileIds: 'array',
  recipients: 'array',
  recipientGroupFilter: 'object',
  useBasicUnsubscribeMsg: 'boolean',
  unsubscribeMessage: 'string',
};

/** Entries of `recipients`. */
export const RECIPIENT_FIELDS: FieldSpec = {
  address: 'string',
  name: 'string',
  type: 'string',
  parameters: 'object',
};

export const GROUP_FILTER_FIELDS: FieldSpec = { andFilter: 'boolean', groups: 'array' };

export const LIMITS = {
  senderNameBytes: 69,
  recipientNameBytes: 69,
  titleBytes: 500,
  referencesHeaderLength: 100,
  recipients: 100_000,
  carbonCopies: 30,
  filterGroups: 5,
  reservationAheadMs: 30 * 86_400_000,
} as const;
