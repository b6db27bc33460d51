/** What the doctor looks at, in the order in which it does. */
export const checks = {
  counts: 'kept counts against recipients',
  completion: 'ends of messages against what was told of them',
  owners: 'batches for which nobody does anything',
  attempts: 'attempts without an outcome',
  jobs: 'jobs without batches',
} as const;

export type Check = keyof typeof checks;

/** Something that is not as it should be. Names ids, never addresses. */
export interface Finding {
  readonly check: Check;
  readonly what: string;
  readonly messageId?: string;
  readonly batchId?: string | null;
  readonly detail: string;
  /** What was done about it; absent: nothing was asked for. */
  readonly mended?: string;
  /** Why nothing was done about it although it was asked for. */
  readonly left?: string;
}

/** One way of looking. With `fix` it mends what it finds, where it is certain what is right. */
export interface Examination {
  readonly check: Check;
  examine(fix: boolean): AsyncIterable<Finding>;
}

/** Tries to mend. What is locked by others, or changed meanwhile, is left as it is. */
export async function mend(finding: Finding, fix: boolean, work: () => Promise<string | undefined>): Promise<Finding> {
  if (!fix) return finding;
  try {
    const mended = await work();
    return mended === undefined ? { ...finding, left: 'it has changed meanwhile' } : { ...finding, mended };
  } catch (error) {
    return { ...finding, left: error instanceof Error ? error.message : String(error) };
  }
}
