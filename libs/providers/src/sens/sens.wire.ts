import { z } from 'zod';
import { count, resultMembers, UNREADABLE } from '../naver/wire.js';
import { code, entries, id, isInstant, listedAddress, optional as nullish, text, words } from '../shared/wire.js';

/* Answers of SENS, as far as the adapter reads them (sens.md §2 to §7). Most of them are documented in part only, so
   unknown members and values pass, and v1's shapes are read where v1 says the same. */

/** A member that may be absent, null or invalid, without effect on the others. */
const optional = <T extends z.ZodType>(schema: T) =>
  nullish(schema)
    .transform((value) => value ?? undefined)
    .optional();

/** v1's letters, should they appear here (§8). */
const V1_STATUS: Readonly<Record<string, string>> = {
  P: 'PREPARING',
  R: 'READY',
  I: 'SENDING',
  S: 'COMPLETED',
  F: 'FAILED',
  U: 'UNSUBSCRIBED',
  C: 'CANCELED',
  PF: 'PARTIAL_FAILED',
};
const status = z
  .union([code, z.object({ code }).transform((coded) => coded.code)])
  .transform((value) => V1_STATUS[value] ?? value);

/** ISO 8601 with offset; v1's `{utc}`. */
const date = z
  .union([
    z.string().transform((value) => Date.parse(value)),
    z.object({ utc: z.number() }).transform(({ utc }) => utc),
  ])
  .refine(isInstant)
  .transform((ms) => new Date(ms));

const listOf = <T extends z.ZodType>(rows: T, names: readonly string[]) =>
  z.looseObject({}).transform((answer, ctx) => {
    const list = names.map((name) => answer[name]).find((value) => value !== undefined);
    const read = rows.safeParse(list);
    const [total, size] = [answer['totalElements'] ?? answer['totalCount'], answer['pageSize'] ?? answer['size']];
    if (read.success) return { rows: read.data, total: count.safeParse(total).data, size: count.safeParse(size).data };
    ctx.addIssue('the list is unreadable');
    return z.NEVER;
  });

/** List mail requests. Each entry must be readable, because a skipped one may be the one that is looked for. */
export const requestListSchema = listOf(
  z.array(
    z.object({
      requestId: id,
      status: optional(status),
      createDateTime: optional(date),
      senderAddress: optional(z.string()),
      recipientCount: optional(count),
      requestCount: optional(count),
    }),
  ),
  ['requests', 'content'],
);
export type ListedRequest = z.output<typeof requestListSchema>['rows'][number];

/** List mails. */
export const mailListSchema = listOf(
  entries(
    z.object({
      /** Empty: there is none that can be read. */
      mailId: id.catch(''),
      status: optional(status),
      emailStatus: optional(status),
      sendDateTime: optional(date),
      /** Not documented; v1 has `first@example.com`, or `first@example.com(9)` when ten share the mail. */
      representativeRecipient: optional(listedAddress),
    }),
    { mailId: '', status: UNREADABLE },
  ),
  ['mails', 'content'],
);
export type ListedMail = z.output<typeof mailListSchema>['rows'][number];

const mailSchema = z.object({
  status: optional(status),
  emailStatus: optional(status),
  sendDateTime: optional(date),
  senderAddress: optional(z.string()),
  title: optional(z.string()),
  body: optional(z.string()),
  recipients: entries(z.object({ ...resultMembers, status: optional(status) }), { address: '', status: UNREADABLE }),
});

/** Get mail; `undefined`: it is JSON, and nonsense. */
export const mailDetailSchema = z.record(z.string(), z.unknown()).transform((mail) => mailSchema.safeParse(mail).data);

/** The part of it by which a request is recognised; everything else may be unreadable. */
export const recognitionSchema = z.object({
  senderAddress: optional(z.string()),
  title: optional(z.string()),
  body: optional(z.string()),
  recipients: optional(entries(z.object({ address: listedAddress }), { address: '' })),
});

const counts = z.union([
  entries(z.object({ status, count }), { status: UNREADABLE, count: 0 }),
  z
    .record(z.string(), count)
    .transform((by) => Object.entries(by).map(([name, number]) => ({ status: name, count: number }))),
]);

/** Get mail request. `status` alone is certain; v1 has `readyCompleted` instead. */
export const requestSchema = z
  .object({
    status: optional(status),
    readyCompleted: optional(z.boolean()),
    requestCount: optional(count),
    finishCount: optional(count),
    countsByStatus: optional(counts),
  })
  .refine((answer) => typeof answer.status === 'string' || typeof answer.readyCompleted === 'boolean');
export type RequestAnswer = z.output<typeof requestSchema>;

const projectSchema = z.object({
  projectName: optional(words),
  useMail: optional(z.boolean()),
  mailService: optional(z.object({ serviceId: optional(text) })),
});

/** List projects: an array, or one in an object. */
export const projectListSchema = z
  .union([
    z.array(z.unknown()),
    z.looseObject({ projects: z.array(z.unknown()) }).transform(({ projects }) => projects),
  ])
  .transform((all) => all.map((each) => projectSchema.safeParse(each).data).filter((each) => each !== undefined));
