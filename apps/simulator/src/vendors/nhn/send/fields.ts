import type { FieldSpec } from '../../../http/fields.js';

/** The five sending operations of v1.5 that do not need tags (nhn.md §4.1 to §4.5). */
export type SendKind = 'mail' | 'eachMail' | 'ad-mail' | 'ad-eachMail' | 'auth-mail';

/** Fields that all sending operations have. */
export const COMMON_FIELDS: FieldSpec = {
  senderAddress: 'string',
  senderName: 'string',
  requestDate: 'string',
  title: 'string',
  body: 'string',
  templateId: 'string',
  customHeaders: 'object',
  userId: 'string',
};

const LIST: FieldSpec = {
  ...COMMON_FIELDS,
  attachFileIdList: 'array',
  templateType: 'string',
  receiverList: 'array',
  senderGroupingKey: 'string',
};

/** Fields of the body by operation; the auth mail has neither list, files, type nor key (§4.5). */
export const SEND_FIELDS: Readonly<Record<SendKind, FieldSpec>> = {
  mail: { ...LIST, templateParameter: 'object' },
  eachMail: LIST,
  'ad-mail': { ...LIST, templateParameter: 'object' },
  'ad-eachMail': LIST,
  'auth-mail': { ...COMMON_FIELDS, receiver: 'object' },
};

/** From v2.0 (2024-02) and v2.1 (2025-03-11) on (nhn.md §6.1). */
export const ADDED_FIELDS: readonly {
  readonly since: number;
  readonly kinds: readonly SendKind[];
  readonly fields: FieldSpec;
}[] = [
  { since: 2, kinds: ['mail', 'eachMail', 'ad-mail', 'ad-eachMail', 'auth-mail'], fields: { statsId: 'string' } },
  { since: 2.1, kinds: ['auth-mail'], fields: { senderGroupingKey: 'string' } },
];

const GENERAL_RECEIVER: FieldSpec = { receiveMailAddr: 'string', receiveName: 'string', receiveType: 'string' };
const EACH_RECEIVER: FieldSpec = { receiveMailAddr: 'string', receiveName: 'string', templateParameter: 'object' };

/** General mail names a type per receiver, individual mail has parameters instead (§4.1, §4.2). */
export const receiverFields = (kind: SendKind): FieldSpec => (isGeneral(kind) ? GENERAL_RECEIVER : EACH_RECEIVER);

/** One mail that all receivers share. */
export const isGeneral = (kind: SendKind): boolean => kind === 'mail' || kind === 'ad-mail';

export const isAdvertising = (kind: SendKind): boolean => kind.startsWith('ad-');

/** Field → greatest length in characters and the code when it is longer (nhn.md §2.1). */
export const LENGTHS: readonly (readonly [field: string, limit: number, code: number])[] = [
  ['senderAddress', 100, -2038],
  ['senderName', 100, -2037],
  ['title', 998, -2034],
  ['userId', 50, -2035],
  ['templateId', 50, -2036],
  ['senderGroupingKey', 100, -2047],
  ['statsId', 8, -2059],
];

export const MAX_RECEIVERS = 1_000;

/** receiveType codes in the order of RecipientInput.type, with the names that rows show. */
export const RECEIVE_TYPES: readonly { readonly code: string; readonly name: string }[] = [
  { code: 'MRT0', name: '받는 사람' },
  { code: 'MRT1', name: '참조' },
  { code: 'MRT2', name: '숨은 참조' },
];
