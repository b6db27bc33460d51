import { z } from 'zod';
import { code, entries, id, isInstant, listedAddress, optional, words } from '../../shared/wire.js';
import { count, resultMembers, UNREADABLE } from '../wire.js';

/* Answers of NCP, as far as the adapter reads them (ncp.md §2, §3). Unknown members and values pass. */

/** `EmailStatus` and its like: only the code counts, labels are translated. */
const coded = z.object({ code }).transform((status) => status.code);
/** `NesDateTime`; only its milliseconds are free of time zones. */
const date = z.object({ utc: z.number().refine(isInstant) }).transform(({ utc }) => new Date(utc));

/** `POST /files`, `GET` and `DELETE /files/{tempRequestId}` (§4). Ids are opaque. */
export const uploadSchema = z.object({
  tempRequestId: id,
  files: z.array(z.object({ fileId: id })),
});

/** The part of an upload that is kept, to look it up or to remove it. */
export const fileDetailSchema = z.object({ tempRequestId: z.string() });

const pageOf = <T extends z.ZodType<readonly unknown[]>>(content: T) =>
  z.object({ content, last: optional(z.boolean()), totalPages: optional(count) });

/** `GET /unsubscribers` (§7) */
export const unsubscriberPageSchema = pageOf(
  entries(z.object({ address: listedAddress, blockDate: optional(date) }), { address: '' }),
);

/** `GET /send-block` (§8): what was done about an address, and until when it is blocked. */
export const sendBlockSchema = z.object({
  content: entries(
    z.object({
      actionType: optional(coded),
      requestDate: optional(date),
      sendResultCode: optional(code),
      sendResultMessage: optional(words),
    }),
    {},
  ),
  expectedDeleteDate: optional(date),
});

/** `POST` and `DELETE /unsubscribers`; why an address is left out is not documented. */
export const unsubscriberChangeSchema = z.object({ ignoreCount: optional(count) });

/** Both error shapes: of the service (`code`) and of the gateway before it (`errorCode`), §1.5 and §1.6. */
export const errorSchema = z.object({
  error: z.object({
    code: optional(code),
    errorCode: optional(code),
    message: optional(z.string()),
    details: optional(z.string()),
  }),
});

/** `GET /mails/requests`. Each entry must be readable, because a skipped one may be the one that is looked for. */
export const requestPageSchema = pageOf(
  z.array(
    z.object({
      requestId: id,
      emailStatus: optional(coded),
      senderAddress: optional(z.string()),
      recipientCount: optional(count),
      requestCount: optional(count),
      requestDate: optional(date),
    }),
  ),
);
export type ListedRequest = z.output<typeof requestPageSchema>['content'][number];

/** `GET /mails/requests/{requestId}/mails` */
export const mailPageSchema = pageOf(
  entries(
    z.object({
      /** Empty: there is none that can be read. */
      mailId: id.catch(''),
      emailStatus: optional(coded),
      sendDate: optional(date),
      /** `first@example.com`, or `first@example.com(9)` when ten share the mail. */
      representativeRecipient: optional(listedAddress),
    }),
    { mailId: '', emailStatus: UNREADABLE },
  ),
);

const mailSchema = z.object({
  emailStatus: optional(coded),
  sendDate: optional(date),
  recipients: entries(z.object({ ...resultMembers, status: optional(coded) }), { address: '', status: UNREADABLE }),
});

/** `GET /mails/{mailId}`; `undefined`: it is JSON, and nonsense. */
export const mailDetailSchema = z.record(z.string(), z.unknown()).transform((mail) => mailSchema.safeParse(mail).data);

/** The part of it that a marker comes back in. */
export const referencesSchema = z.object({ referencesHeader: optional(z.string()) });

/** `GET /mails/requests/{requestId}/status` */
export const requestStatusSchema = z.object({
  readyCompleted: z.boolean(),
  requestCount: count,
  finishCount: count,
  countsByStatus: entries(z.object({ status: coded, count }), { status: UNREADABLE, count: 0 }),
});
export type RequestStatus = z.output<typeof requestStatusSchema>;
