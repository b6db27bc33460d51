/** The checks of the doctor, in order. */
export const checks = {
  counts: 'kept counts against recipients',
  completion: 'message.completed events against the messages',
  accounts: 'mail of accounts without configuration',
  owners: 'batches without a worker',
  attempts: 'attempts without an outcome',
  jobs: 'jobs without batches',
  webhooks: 'webhook endpoints without a worker',
  contents: 'encrypted contents against CONTENT_KEYS',
} as const;

export type Check = keyof typeof checks;

/** Something that is not as it should be. Names ids, never addresses. */
export interface Finding {
  readonly check: Check;
  readonly what: string;
  readonly messageId?: string;
  readonly batchId?: string | null;
  readonly detail: string;
  /** The repair; absent: none was requested. */
  readonly mended?: string;
  /** Why nothing was done about it although it was asked for. */
  readonly left?: string;
}

/** All `Examination`s, in their order. */
export const EXAMINATIONS = Symbol('EXAMINATIONS');
/** Milliseconds without work on a batch after which it counts as forgotten; longer than any sweep leaves one alone. */
export const LATE_MS = Symbol('LATE_MS');

/** Between the first look and the second: what is only under way is over then. */
export const SECOND_LOOK_MS = 1000;

/** One way of looking. With `fix` it mends what it finds, where it is certain what is right. */
export interface Examination {
  readonly check: Check;
  examine(fix: boolean): AsyncIterable<Finding>;
}

/** Tries to repair. Rows that are locked by others, or have changed meanwhile, stay as they are. */
export async function mend(finding: Finding, fix: boolean, work: () => Promise<string | undefined>): Promise<Finding> {
  if (!fix) return finding;
  try {
    const mended = await work();
    return mended === undefined ? { ...finding, left: 'it has changed meanwhile' } : { ...finding, mended };
  } catch (error) {
    return { ...finding, left: error instanceof Error ? error.message : String(error) };
  }
}
