import { z } from 'zod';
import { lifetimeMs, spanMs, unknownFields } from '../../state/setting-types.js';

/** Switches for what ncp.md §14 marks unknown; the first value of an enum is the default. */
export const ncpSettingsSchema = z.strictObject({
  unknownFields,
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
  fileLifetimeMs: lifetimeMs,
  /** For a fileId or tempRequestId that is not there. */
  missingFileCode: z.enum(['77103', '77102']).default('77103'),
  /** Registration in the address book is asynchronous; this long after the answer it is done. */
  addressBookDelayMs: spanMs.default(100),
  /** An old document lets addresses be registered without a group. */
  groupNameRequired: z.boolean().default(true),
  /** A group filter that no address passes: 77102, or a request without mails. */
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

export type NcpSettings = z.infer<typeof ncpSettingsSchema>;
