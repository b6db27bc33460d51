import { z } from 'zod';
import { isLoopback } from '../../http/loopback.js';
import { lifetimeMs, spanMs, unknownFields } from '../../state/setting-types.js';

const isLocal = (url: string): boolean => isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''));

/** Switches for what nhn.md §8 marks unknown; the first value of an enum is the default. */
export const nhnSettingsSchema = z.strictObject({
  unknownFields,
  httpStatus: z.enum(['always-200', 'mapped']).default('always-200'),
  authMailReply: z.enum(['results', 'statusCode']).default('results'),
  eachMailReceiveType: z.enum(['MRT0']).nullable().default(null),
  keepResultsWhenAllFailed: z.boolean().default(true),
  missingParameter: z.enum(['reject-request', 'fail-mail', 'keep']).default('reject-request'),
  utcOffsetMinutes: z.int().min(-720).max(840).default(540),
  /** One mailSeq for all receivers of sender/mail, or one each. */
  generalMailSeq: z.enum(['per-request', 'per-receiver']).default('per-request'),
  pastToleranceMs: spanMs.default(60_000),
  /** Each file, and all files of a mail. */
  fileLimitBytes: z.int().positive().default(30_000_000),
  mailFilesLimitBytes: z.int().positive().default(30_000_000),
  fileLifetimeMs: lifetimeMs,
  /** Tags, UIDs and tag mail: out of support since 2026-03-24. */
  tags: z.enum(['retired', 'active']).default('retired'),
  /** The answer of `retired` operations; the real reply is unknown. */
  retiredReply: z
    .strictObject({
      httpStatus: z.int().min(200).max(599).default(200),
      resultCode: z.int().default(-9998),
      resultMessage: z.string().default('This API has reached its end of support.'),
    })
    .prefault({}),
  /** Longest span of statistics/view in days. */
  statisticsMaxDays: z.int().positive().nullable().default(null),
  uidsForm: z.enum(['wrapped', 'flat']).default('wrapped'),
  uidDateNames: z.enum(['createdDate', 'createDate']).default('createdDate'),
  /** `v1.6`: a mail with a template may leave senderAddress out only from v1.6 on. */
  templateSender: z.enum(['any-version', 'v1.6']).default('any-version'),
  /** Whether the id of a deleted template can be used again. */
  deletedTemplateId: z.enum(['free', 'taken']).default('free'),
  /** Deleting a category that is not empty: -3002, or its content is deleted, too. */
  filledCategory: z.enum(['refuse', 'remove-all']).default('refuse'),
  /** A file that was uploaded for templates in a mail, or the other way round. */
  foreignFileIds: z.enum(['refuse', 'accept']).default('refuse'),
  /** sender/update-mails from v2.1 on. */
  updateMails: z
    .strictObject({
      /** How late an update is listed. */
      lagMs: spanMs.default(0),
      /** The vendor's sample shows an empty `mailStatusUpdatedDate`. */
      updatedDate: z.enum(['filled', 'empty']).default('filled'),
      maxWindowMinutes: z.int().positive().nullable().default(null),
    })
    .prefault({}),
  /** Calls about what became of mails; set up in the vendor's console (nhn.md §6.3). */
  hooks: z
    .strictObject({
      /** Null: none are made. */
      url: z.url().refine(isLocal, 'must be on this machine').nullable().default(null),
      delayMs: spanMs.default(0),
      /** How often each is made. */
      times: z.int().min(1).max(20).default(1),
      order: z.enum(['as-it-happened', 'reversed']).default('as-it-happened'),
      /** Calls of a liar before each, in turns about the same and about unknown requests. */
      forged: z.int().min(0).max(1000).default(0),
      hooksPerCall: z.int().min(1).max(1000).default(100),
      /** The vendor's text and sample differ in both. */
      keyName: z.enum(['senderGroupingKey', 'senderGroupKey']).default('senderGroupingKey'),
      mailSeq: z.enum(['number', 'text']).default('number'),
      /** X-Toast-Webhook-Signature: a text that is set up in the console. */
      signature: z.string().nullable().default(null),
    })
    .prefault({}),
});

export type NhnSettings = z.infer<typeof nhnSettingsSchema>;
