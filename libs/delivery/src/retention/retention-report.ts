import type { Category } from '@gateway/core';

/** The work of a run so far. Only numbers and names of tables. */
export interface RetentionReport {
  /** Messages that were erased, and how many recipients they had. */
  readonly erased: Readonly<Record<Category, { readonly messages: number; readonly recipients: number }>>;
  /** Files that nothing refers to any more, now left to the sweep that removes files. */
  readonly attachments: number;
  /** Months that were dropped whole. */
  readonly months: readonly string[];
  /** Months that could be, were they not in use at the moment. */
  readonly monthsInUse: readonly string[];
  /** Rows that were deleted one by one. */
  readonly recipients: number;
  readonly events: number;
  /** Erased messages that went altogether. */
  readonly dropped: number;
}

const nothing = { messages: 0, recipients: 0 };

export const EMPTY_REPORT: RetentionReport = {
  erased: { authentication: nothing, transactional: nothing, marketing: nothing },
  attachments: 0,
  months: [],
  monthsInUse: [],
  recipients: 0,
  events: 0,
  dropped: 0,
};

/** Has anything changed by the run? */
export const didAnything = ({ erased, months, recipients, events, dropped }: RetentionReport): boolean =>
  Object.values(erased).some(({ messages }) => messages > 0) || months.length + recipients + events + dropped > 0;
