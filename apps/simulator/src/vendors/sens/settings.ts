import { z } from 'zod';
import { spanMs } from '../../state/setting-types.js';

/** Switches for what sens.md marks unknown (§10, §11); the first value of an enum is the default. */
export const sensSettingsSchema = z.strictObject({
  unknownFields: z.enum(['ignore', 'reject']).default('ignore'),
  /** Entries of `fieldErrors`: §10, with the value, as plain texts, or no such member. */
  fieldErrors: z.enum(['field', 'with-value', 'texts', 'absent']).default('field'),
  /** Names of the members of the SENS-wide error (shape B): the documents disagree. */
  commonErrorNames: z.enum(['error', 'errors']).default('error'),
  /** The project's mail channel. */
  channel: z.enum(['on', 'off']).default('on'),
  channelOffShape: z.enum(['common', 'service']).default('common'),
  unknownService: z.enum(['forbidden', 'not-found']).default('forbidden'),
  /** Migrated from v1, with its templates, groups and unsubscribers, or made since, without v1. */
  project: z.enum(['migrated', 'new']).default('migrated'),
  /** Ids of files that were uploaded to v1: §10, or unknown to v2. */
  v1Files: z.enum(['known', 'unknown']).default('known'),
  /** For a requestId or mailId that is not there; other channels of SENS answer without a body. */
  notFound: z.enum(['service', 'empty']).default('service'),
  /** An empty list: as documented, or the 404 without a body that other channels of SENS give. */
  emptyList: z.enum(['array', 'not-found']).default('array'),
  created: z.enum(['full', 'id-only']).default('full'),
  /** Header of get request while it is not terminal; `null`: none. */
  retryAfterSeconds: z.int().min(0).nullable().default(1),
  pageCounters: z.enum(['totalElements', 'totalCount', 'none']).default('totalElements'),
  countsByStatus: z.enum(['list', 'object', 'absent']).default('list'),
  /** Fields of the rows of both lists beyond id and status. */
  rows: z.enum(['full', 'bare']).default('full'),
  /** Mails of a request that is still PREPARING: not listed yet, or READY. */
  preparingMails: z.enum(['hidden', 'ready']).default('hidden'),
  /** The title of a request in the list. */
  requestTitle: z.enum(['as-sent', 'rendered']).default('as-sent'),
  /** `body` of a mail's detail: after substitution, without HTML comments, escaped, or absent. */
  detailBody: z.enum(['rendered', 'without-comments', 'escaped', 'absent']).default('rendered'),
  /** Status of a recipient in a mail's detail: its own, or only that of the mail. */
  recipientStatus: z.enum(['present', 'absent']).default('present'),
  /** Status of a recipient that opted out. At mail level it is FAILED. */
  optedOutStatus: z.enum(['FAILED', 'UNSUBSCRIBED']).default('FAILED'),
  /** Time of sending in a mail's row and detail; only a likely name is known. */
  sendDateTime: z.enum(['absent', 'present']).default('absent'),
  dates: z.enum(['seconds', 'milliseconds']).default('seconds'),
  utcOffsetMinutes: z.int().min(-720).max(840).default(540),
  parameters: z.enum(['merged', 'recipient-only']).default('merged'),
  /** `#{UNSUBSCRIBE_MESSAGE}` in the body of an advertisement: its place as in v1, or plain text. */
  unsubscribeTag: z.enum(['place', 'text']).default('place'),
  projects: z.enum(['array', 'object']).default('array'),
  bodyLimitBytes: z.int().positive().default(500_000),
  sharedMailSize: z.int().positive().default(30),
  monthlyQuota: z.int().positive().nullable().default(null),
  quotaStyle: z.enum(['service', 'gateway']).default('service'),
  forbiddenSenderDomains: z.array(z.string()).default([]),
  mailFilesLimitBytes: z.int().positive().default(20_000_000),
  /** How long requests stay visible. */
  historyMs: spanMs.nullable().default(null),
});

export type SensSettings = z.infer<typeof sensSettingsSchema>;
