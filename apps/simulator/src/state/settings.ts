import { z } from 'zod';

const ms = z.int().min(0).max(86_400_000);
const lifetime = z.int().positive().nullable().default(null);
const unknownFields = z.enum(['reject', 'ignore']);

/** `timings`: see Timings in outcomes/progress.ts. A change applies to requests accepted after it. */
const timingsSchema = z.strictObject({
  preparedMs: ms.default(50),
  sendingMs: ms.default(150),
  outcomeMs: ms.default(300),
  receivedMs: ms.default(100),
  openedMs: ms.default(200),
  lateBounceMs: ms.default(1_000),
});

/** Switches for what ncp.md §14 marks unknown; the first value of an enum is the default. */
const ncpSchema = z.strictObject({
  unknownFields: unknownFields.default('reject'),
  /** One malformed address among many: refuse all, or take all and fail that one. */
  invalidRecipient: z.enum(['reject-request', 'fail-recipient']).default('reject-request'),
  /** The doc says dates are required in getMailRequestList; a live test shows that they are not. */
  listDatesRequired: z.boolean().default(false),
  unknownKeyErrorCode: z.enum(['200', '210']).default('200'),
  /** Adds `details` with the reason to error bodies; no evidence that v1 does. */
  errorDetails: z.boolean().default(false),
  bodyLimitBytes: z.int().positive().default(500_000),
  addressMaxLength: z.int().positive().default(254),
  maxPageSize: z.int().positive().nullable().default(null),
  sharedMailSize: z.int().positive().default(30),
  monthlyQuota: z.int().positive().nullable().default(null),
  quotaStyle: z.enum(['service', 'gateway']).default('service'),
  forbiddenSenderDomains: z.array(z.string()).default(['naver.com', 'navercorp.com', 'ncloud.com']),
  /** Each file, and all files of a mail; `MB` is read strictly, as 10^6 bytes. */
  fileLimitBytes: z.int().positive().default(10_000_000),
  mailFilesLimitBytes: z.int().positive().default(20_000_000),
  fileOverLimit: z.enum(['service', 'gateway']).default('service'),
  emptyFiles: z.enum(['allow', 'reject']).default('allow'),
  /** How long an upload can be used; the documents name no end. */
  fileLifetimeMs: lifetime,
  /** For a fileId or tempRequestId that is not there. */
  missingFileCode: z.enum(['77103', '77102']).default('77103'),
  /** Registration in the address book is asynchronous; this long after the answer it is done. */
  addressBookDelayMs: ms.default(100),
  /** An old document lets addresses be registered without a group. */
  groupNameRequired: z.boolean().default(true),
  /** A group filter that nobody passes: 77102, or a request without mails. */
  emptyGroups: z.enum(['refuse', 'accept']).default('refuse'),
  /** Names of templates, categories and groups; the text allows no space, an example has one. */
  namesWithSpaces: z.boolean().default(false),
  /** The same name twice in a category; `refuse-used` looks past deleted templates. */
  duplicateNames: z.enum(['refuse', 'refuse-used', 'allow']).default('refuse'),
  /** `isUse` of a template that is created without it. */
  templateIsUse: z.boolean().default(true),
  /** Optional fields that updateTemplate leaves out. */
  updateOmitted: z.enum(['clear', 'keep']).default('clear'),
  /** `category` of a template at the root. */
  rootCategory: z.enum(['null', 'object']).default('null'),
  deletedTemplatesFillCategory: z.boolean().default(true),
  /** Sending with a template that is deleted or not in use. */
  unusedTemplateCode: z.enum(['77102', '77103']).default('77102'),
  exportLifetimeMs: z
    .int()
    .positive()
    .default(7 * 86_400_000),
  exportNotReadyCode: z.enum(['77102', '77103']).default('77102'),
  /** The doc says 200, a live test 201. */
  importStatus: z.union([z.literal(201), z.literal(200)]).default(201),
  /** An import that stopped at an error: 77102, or the answer as if nothing had been. */
  partialImport: z.enum(['refuse', 'accept']).default('refuse'),
  /** `templateName` of a mail without template: the doc shows null, a live test a string. */
  absentTemplateName: z.enum(['']).nullable().default(null),
});

/** Switches for what nhn.md §8 marks unknown; the first value of an enum is the default. */
const nhnSchema = z.strictObject({
  unknownFields: unknownFields.default('reject'),
  httpStatus: z.enum(['always-200', 'mapped']).default('always-200'),
  authMailReply: z.enum(['results', 'statusCode']).default('results'),
  eachMailReceiveType: z.enum(['MRT0']).nullable().default(null),
  keepResultsWhenAllFailed: z.boolean().default(true),
  missingParameter: z.enum(['reject-request', 'fail-mail', 'keep']).default('reject-request'),
  utcOffsetMinutes: z.int().min(-720).max(840).default(540),
  /** One mailSeq for all receivers of sender/mail, or one each. */
  generalMailSeq: z.enum(['per-request', 'per-receiver']).default('per-request'),
  pastToleranceMs: ms.default(60_000),
  /** Each file, and all files of a mail. */
  fileLimitBytes: z.int().positive().default(30_000_000),
  mailFilesLimitBytes: z.int().positive().default(30_000_000),
  fileLifetimeMs: lifetime,
  /** Tags, UIDs and tag mail: out of support since 2026-03-24. */
  tags: z.enum(['retired', 'active']).default('retired'),
  /** What `retired` operations answer; the real reply is unknown. */
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
  /** Deleting a category that holds something: -3002, or everything in it goes too. */
  filledCategory: z.enum(['refuse', 'remove-all']).default('refuse'),
  /** A file that was uploaded for templates in a mail, or the other way round. */
  foreignFileIds: z.enum(['refuse', 'accept']).default('refuse'),
});

export const settingsSchema = z.strictObject({
  /** Added to the simulator's clock, ms. */
  clockOffsetMs: z.int().default(0),
  /** Keep every request body for GET /control/requests/{id}; switch off for very large runs. */
  keepBodies: z.boolean().default(true),
  /** Senders without SPF, DKIM and DMARC: their mail to gmail.com and yahoo.com is not delivered. */
  unauthenticatedSenderDomains: z.array(z.string()).default([]),
  timings: timingsSchema.prefault({}),
  ncp: ncpSchema.prefault({}),
  nhn: nhnSchema.prefault({}),
});

export type Settings = z.infer<typeof settingsSchema>;
export type NcpSettings = Settings['ncp'];
export type NhnSettings = Settings['nhn'];

export const defaultSettings = (): Settings => settingsSchema.parse({});

/** The settings with the members of `change` replaced, one level deep; throws ZodError for unknown or bad members. */
export function mergeSettings(current: Settings, change: unknown): Settings {
  const patch = z.record(z.string(), z.unknown()).parse(change);
  const merged: Record<string, unknown> = { ...current, ...patch };
  for (const group of ['timings', 'ncp', 'nhn'] as const) {
    if (patch[group] !== undefined) merged[group] = { ...current[group], ...z.looseObject({}).parse(patch[group]) };
  }
  return settingsSchema.parse(merged);
}
