import { z } from 'zod';
import { flag, wholeNumber } from './variables.js';

/** How long messages are kept once they are final, in days; 0: for ever. */
export interface RetentionConfig {
  /** Days until content, recipients and timeline are erased, by category. */
  readonly days: {
    readonly authentication: number;
    readonly transactional: number;
    readonly marketing: number;
  };
  /** Days until the remainder of an erased message is deleted, too. */
  readonly dropDays: number;
  /** Days until an entry of the audit log is erased; 0: never. */
  readonly auditDays: number;
  /** Rows of erased recipients and events are kept until their whole month can be dropped. */
  readonly byMonth: boolean;
}

const LONGEST_PERIOD_DAYS = 36_500;
/** The database refuses to erase younger entries. */
const LEAST_AUDIT_DAYS = 30;

export const retentionSchema = z
  .object({
    RETENTION_DAYS_AUTHENTICATION: wholeNumber(0, LONGEST_PERIOD_DAYS).default(0),
    RETENTION_DAYS_TRANSACTIONAL: wholeNumber(0, LONGEST_PERIOD_DAYS).default(0),
    RETENTION_DAYS_MARKETING: wholeNumber(0, LONGEST_PERIOD_DAYS).default(0),
    RETENTION_DROP_DAYS: wholeNumber(0, LONGEST_PERIOD_DAYS).default(0),
    RETENTION_BY_MONTH: flag().default(false),
    AUDIT_RETENTION_DAYS: wholeNumber(0, LONGEST_PERIOD_DAYS).default(0),
  })
  .refine(
    ({ RETENTION_DROP_DAYS: drop, RETENTION_BY_MONTH: _, AUDIT_RETENTION_DAYS: __, ...periods }) =>
      drop === 0 || Object.values(periods).every((days) => days <= drop),
    { path: ['RETENTION_DROP_DAYS'], message: 'must be 0, or not smaller than any of RETENTION_DAYS_*' },
  )
  .refine(({ AUDIT_RETENTION_DAYS: days }) => days === 0 || days >= LEAST_AUDIT_DAYS, {
    path: ['AUDIT_RETENTION_DAYS'],
    message: `must be 0, or at least ${LEAST_AUDIT_DAYS}`,
  })
  .transform((read) => ({
    days: Object.freeze({
      authentication: read.RETENTION_DAYS_AUTHENTICATION,
      transactional: read.RETENTION_DAYS_TRANSACTIONAL,
      marketing: read.RETENTION_DAYS_MARKETING,
    }),
    dropDays: read.RETENTION_DROP_DAYS,
    byMonth: read.RETENTION_BY_MONTH,
    auditDays: read.AUDIT_RETENTION_DAYS,
  }));
