import { z } from 'zod';
import { code, entries, id, listedAddress, optional, text, words } from '../../shared/wire.js';

/* Tags, UIDs and tag mails of NHN (nhn.md §4.6, §5.4, §5.7, §5.8). Unknown members pass. */

const count = optional(z.coerce.number());

export const nothing = z.unknown();

export const tagPageSchema = z.object({
  totalCount: count,
  data: z.array(z.object({ tagId: text, tagName: z.string() })).nullish(),
});
export type NhnTag = NonNullable<z.output<typeof tagPageSchema>['data']>[number];

export const createdTagSchema = z.object({ data: z.object({ tagId: id }) });

const uid = z.object({
  uid: text,
  tags: z.array(z.object({ tagId: text })).nullish(),
  contacts: z.array(z.object({ contact: z.string().catch('') })).nullish(),
});

export const uidSchema = z.object({ data: uid });
export type NhnUid = z.output<typeof uid>;

export const uidPageSchema = z.object({
  data: z.object({ uids: z.array(uid).nullish(), isLast: optional(z.boolean()) }),
});

/** `GET tagMails`: the JSON has senderMailAddress where the table has senderMail. */
export const tagMailPageSchema = z.object({
  totalCount: count,
  data: z
    .array(
      z.object({
        requestId: id,
        requestDate: optional(z.string()),
        tagSendStatus: optional(z.string()),
        tagExpression: optional(z.array(z.string())),
        senderMailAddress: optional(z.string()),
        senderMail: optional(z.string()),
        title: optional(z.string()),
        createUser: optional(z.string()),
      }),
    )
    .nullish(),
});
export type TagMailRow = NonNullable<z.output<typeof tagMailPageSchema>['data']>[number];

/** `GET tagMails/{requestId}` */
export const tagReceiverPageSchema = z.object({
  totalCount: count,
  data: entries(
    z.object({
      mailSequence: optional(id),
      receiveMail: listedAddress,
      mailStatusCode: optional(code),
      resultDate: optional(z.string()),
      readYn: optional(z.string()),
      readDate: optional(z.string()),
      dsnCode: optional(code),
      dsnMessage: optional(words),
    }),
    { receiveMail: '' },
  ).nullish(),
});
export type TagReceiverRow = NonNullable<z.output<typeof tagReceiverPageSchema>['data']>[number];
