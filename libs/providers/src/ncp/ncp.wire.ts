import { z } from 'zod';

/* Answers of NCP, as far as the adapter reads them (ncp.md §2, §3). Unknown members and values pass. */

const text = z.union([z.string(), z.number()]).transform(String);
const digits = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const count = z.union([z.number().int().nonnegative(), digits]);
/** `EmailStatus` and its like: only the code counts, labels are translated. */
const coded = z.object({ code: z.string() }).transform(({ code }) => code);
/** `NesDateTime`; only its milliseconds are free of time zones. */
const date = z.object({ utc: z.number() }).transform(({ utc }) => new Date(utc));
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);

/** 201 of `POST /mails`. */
export const createdSchema = z.object({ requestId: text.refine((id) => id !== '') });

/** `POST /files`, `GET` and `DELETE /files/{tempRequestId}` (§4). Ids are opaque. */
export const uploadSchema = z.object({
  tempRequestId: text.refine((id) => id !== ''),
  files: z.array(z.object({ fileId: text.refine((id) => id !== '') })),
});

/** What is kept of an upload to ask for it or to remove it. */
export const fileDetailSchema = z.object({ tempRequestId: z.string() });

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ content: z.array(item), last: optional(z.boolean()), totalPages: optional(count) });

/** `GET /unsubscribers` (§7) */
export const unsubscriberPageSchema = pageOf(z.object({ address: z.string(), blockDate: optional(date) }));

/** `GET /send-block` (§8): what was done about an address, and until when it is blocked. */
export const sendBlockSchema = z.object({
  content: z.array(
    z.object({
      actionType: optional(coded),
      requestDate: optional(date),
      sendResultCode: optional(text),
      sendResultMessage: optional(z.string()),
    }),
  ),
  expectedDeleteDate: optional(date),
});

/** `POST` and `DELETE /unsubscribers`; why an address is left out is not documented. */
export const unsubscriberChangeSchema = z.object({ ignoreCount: optional(count) });

/** Both error shapes: of the service (`code`) and of the gateway before it (`errorCode`), §1.5 and §1.6. */
export const errorSchema = z.object({
  error: z.object({
    code: optional(text),
    errorCode: optional(text),
    message: optional(z.string()),
    details: optional(z.string()),
  }),
});

/** `GET /mails/requests` */
export const requestPageSchema = pageOf(
  z.object({
    requestId: text,
    emailStatus: optional(coded),
    senderAddress: optional(z.string()),
    recipientCount: optional(count),
    requestCount: optional(count),
    requestDate: optional(date),
  }),
);
export type ListedRequest = z.output<typeof requestPageSchema>['content'][number];

/** `GET /mails/requests/{requestId}/mails` */
export const mailPageSchema = pageOf(
  z.object({
    mailId: text,
    emailStatus: optional(coded),
    sendDate: optional(date),
    /** `first@example.com`, or `first@example.com(9)` when ten share the mail. */
    representativeRecipient: optional(z.string()),
  }),
);
export type ListedMail = z.output<typeof mailPageSchema>['content'][number];

/** `GET /mails/{mailId}` */
export const mailSchema = z.object({
  mailId: optional(text),
  emailStatus: optional(coded),
  sendDate: optional(date),
  recipients: z.array(
    z.object({
      address: z.string(),
      status: optional(coded),
      sendResultCode: optional(text),
      sendResultMessage: optional(z.string()),
      sendResultCodeMessage: optional(z.string()),
    }),
  ),
});
export type Mail = z.output<typeof mailSchema>;
export type MailRecipient = Mail['recipients'][number];

/** The part of it that a marker comes back in. */
export const referencesSchema = z.object({ referencesHeader: optional(z.string()) });

/** `GET /mails/requests/{requestId}/status` */
export const requestStatusSchema = z.object({
  readyCompleted: z.boolean(),
  requestCount: count,
  finishCount: count,
  countsByStatus: z.array(z.object({ status: coded, count })),
});
export type RequestStatus = z.output<typeof requestStatusSchema>;
