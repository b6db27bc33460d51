import { z } from 'zod';

/* Answers of NHN, as far as the adapter reads them (nhn.md §1.1, §4, §5). Unknown members and values pass. */

const digits = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number);
const whole = z.union([z.number().int(), digits]);
const text = z.union([z.string(), z.number()]).transform(String);
const flag = z.union([z.boolean(), z.literal('true').transform(() => true), z.literal('false').transform(() => false)]);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);

/** Around every answer, whatever the HTTP status. `body` may be null or absent. */
export const envelopeSchema = z.object({
  header: z.object({
    isSuccessful: flag,
    resultCode: whole,
    resultMessage: optional(z.string()),
  }),
  /** Absent in answers that are a header only. */
  body: z.unknown().optional(),
});
export type Envelope = z.output<typeof envelopeSchema>;

const resultSchema = z.object({
  receiveMailAddr: z.string().catch(''),
  resultCode: whole,
  resultMessage: optional(z.string()),
});
export type ReceiverResult = z.output<typeof resultSchema>;

/** `body` of a send. auth-mail answers with `results` or, in the older form, with `statusCode` (§4.5). */
export const sentSchema = z.object({
  data: z.object({
    requestId: optional(text),
    results: optional(z.array(resultSchema)),
    statusCode: optional(z.string()),
  }),
});

/** `body` of `GET block-receivers` (§5.10); none when it has nothing to tell. */
export const blockReceiverPageSchema = z
  .object({
    totalCount: optional(whole),
    data: z.array(z.object({ mailAddress: z.string(), blockDate: optional(z.string()) })).nullish(),
  })
  .nullish();

/** `body` of `GET statistics/view` (§5.9). */
export const statisticsSchema = z
  .object({
    data: z
      .array(
        z.object({
          divisionName: text,
          requestedCount: whole,
          sentCount: whole,
          receivedCount: whole,
          openedCount: whole,
        }),
      )
      .nullish(),
  })
  .nullish();

/** `body` of an upload (§4.7). */
export const uploadedSchema = z.object({ data: z.object({ fileId: text }) });

const rowSchema = z.object({
  requestId: text,
  mailSeq: optional(text),
  requestDate: optional(z.string()),
  senderAddress: optional(z.string()),
  title: optional(z.string()),
  mailStatusCode: optional(z.string()),
  isReceived: optional(flag),
  resultDate: optional(z.string()),
  isOpened: optional(flag),
  openedDate: optional(z.string()),
  receiveMailAddr: z.string(),
  senderGroupingKey: optional(z.string()),
  dsnCode: optional(text),
  dsnMessage: optional(z.string()),
});
export type MailRow = z.output<typeof rowSchema>;

/** `body` of `GET sender/mails` (§5.2): a row for each receiver. */
export const mailPageSchema = z.object({
  totalCount: optional(whole),
  data: z.array(rowSchema).nullish(),
});
export type MailPage = z.output<typeof mailPageSchema>;

/** `body` of the detail of a mail (§5.3) and of a tag mail (§5.4), as far as it tells whose it is. */
export const mailDetailSchema = z.object({
  data: z.object({ customHeaders: optional(z.record(z.string(), z.string())) }),
});
