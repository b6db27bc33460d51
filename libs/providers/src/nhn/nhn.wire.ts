import { z } from 'zod';
import { code, entries, id, listedAddress, optional, text, words } from '../shared/wire.js';

/* Answers of NHN, as far as the adapter reads them (nhn.md §1.1, §4, §5). Unknown members and values pass. */

const digits = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number);
export const whole = z.union([z.number().int(), digits]);
const flag = z.union([z.boolean(), z.literal('true').transform(() => true), z.literal('false').transform(() => false)]);

/** Around every answer, whatever the HTTP status. `body` may be null or absent. */
export const envelopeSchema = z.object({
  header: z.object({
    isSuccessful: flag,
    resultCode: whole,
    resultMessage: optional(z.string()),
  }),
  /** Absent in answers that are a header only. */
  body: z.unknown().optional(),
  /** Instead of `body`, of the calls of these names (nhn21.md §7). */
  stats: z.unknown().optional(),
  total: z.unknown().optional(),
});
export type Envelope = z.output<typeof envelopeSchema>;

const resultSchema = z.object({
  receiveMailAddr: listedAddress,
  resultCode: whole,
  resultMessage: optional(words),
});
export type ReceiverResult = z.output<typeof resultSchema>;

/** `body` of a send. auth-mail answers with `results` or, in the older form, with `statusCode` (§4.5). */
export const sentSchema = z.object({
  data: z.object({
    requestId: optional(id),
    results: optional(entries(resultSchema, { receiveMailAddr: '', resultCode: 0 })),
    statusCode: optional(code),
  }),
});

/** `body` of `GET block-receivers` (§5.10); none when the list is empty. */
export const blockReceiverPageSchema = z
  .object({
    totalCount: optional(whole),
    data: entries(z.object({ mailAddress: listedAddress, blockDate: optional(z.string()) }), {
      mailAddress: '',
    }).nullish(),
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

/** Numbers of events by name, `RECEIVED` or `<value>.RECEIVED` (nhn21.md §7). */
const eventsSchema = z.record(z.string().max(300), z.unknown());

/** `stats` of `GET stats`; the vendor's table says that it is an object. */
export const statsSchema = entries(z.object({ eventDateTime: z.string(), events: eventsSchema }), {
  eventDateTime: '',
  events: {},
}).nullish();

/** `total` of `GET stats/total`. */
export const statsTotalSchema = eventsSchema.nullish();

/** `body` of an upload (§4.7). */
export const uploadedSchema = z.object({ data: z.object({ fileId: id }) });

const rowSchema = z.object({
  /** Empty: there is none that can be read. */
  requestId: id.catch(''),
  mailSeq: optional(id),
  requestDate: optional(z.string()),
  senderAddress: optional(z.string()),
  title: optional(z.string()),
  mailStatusCode: optional(code),
  isReceived: optional(flag),
  resultDate: optional(z.string()),
  isOpened: optional(flag),
  openedDate: optional(z.string()),
  receiveMailAddr: listedAddress,
  senderGroupingKey: optional(z.string()),
  dsnCode: optional(code),
  dsnMessage: optional(words),
});
export type MailRow = z.output<typeof rowSchema>;

/** `body` of `GET sender/mails` (§5.2): a row for each receiver. */
export const mailPageSchema = z.object({
  totalCount: optional(whole),
  data: entries(rowSchema, { requestId: '', receiveMailAddr: '' }).nullish(),
});
export type MailPage = z.output<typeof mailPageSchema>;

/** `body` of the detail of a mail (§5.3) and of a tag mail (§5.4): the members that identify its request. */
export const mailDetailSchema = z.object({
  data: z.object({ customHeaders: optional(z.record(z.string(), z.string())) }),
});
