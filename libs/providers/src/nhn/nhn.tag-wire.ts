import { z } from 'zod';

/* Tags, UIDs and tag mails of NHN (nhn.md §4.6, §5.4, §5.7, §5.8). Unknown members pass. */

const text = z.union([z.string(), z.number()]).transform(String);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);
const count = optional(z.coerce.number());

export const nothing = z.unknown();

export const tagPageSchema = z.object({
  totalCount: count,
  data: z.array(z.object({ tagId: text, tagName: z.string() })).nullish(),
});
export type NhnTag = NonNullable<z.output<typeof tagPageSchema>['data']>[number];

export const createdTagSchema = z.object({ data: z.object({ tagId: text.refine((id) => id !== '') }) });

const uid = z.object({
  uid: text,
  tags: z.array(z.object({ tagId: text })).nullish(),
  contacts: z.array(z.object({ contact: z.string() })).nullish(),
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
        requestId: text,
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
  data: z
    .array(
      z.object({
        mailSequence: optional(text),
        receiveMail: z.string(),
        mailStatusCode: optional(z.string()),
        resultDate: optional(z.string()),
        readYn: optional(z.string()),
        readDate: optional(z.string()),
        dsnCode: optional(text),
        dsnMessage: optional(z.string()),
      }),
    )
    .nullish(),
});
export type TagReceiverRow = NonNullable<z.output<typeof tagReceiverPageSchema>['data']>[number];
