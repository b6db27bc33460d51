/** One line of an export: `data` is what the calls about one of these show, as far as there are such calls. */
export interface PersonLine {
  readonly type: PersonLineType;
  readonly data: unknown;
}

export const personLineTypes = [
  'contact',
  'suppression',
  'providerCopy',
  'message',
  'recipient',
  'event',
  'attachment',
  'batch',
  'storedAnswer',
  'webhookDelivery',
] as const;

export type PersonLineType = (typeof personLineTypes)[number];
