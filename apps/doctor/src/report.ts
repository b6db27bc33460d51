import { encodeId } from '@gateway/core';
import { checks, type Check, type Examination, type Finding } from '@gateway/delivery';

interface Tally {
  found: number;
  mended: number;
  /** Why it could not be looked at, or not to the end. */
  failure?: string;
}

/** Prints findings as they come, and a table at the end. Holds nothing but numbers. */
export class Report {
  private readonly tallies = new Map<Check, Tally>();

  constructor(private readonly print: (line: string) => void) {}

  async examine(examination: Examination, fix: boolean): Promise<void> {
    const tally: Tally = { found: 0, mended: 0 };
    this.tallies.set(examination.check, tally);
    try {
      for await (const finding of examination.examine(fix)) {
        tally.found += 1;
        if (finding.mended !== undefined) tally.mended += 1;
        this.print(lineOf(finding));
      }
    } catch (error) {
      tally.failure = error instanceof Error ? error.message || error.name : String(error);
    }
  }

  /** @returns the exit code: 0 nothing found, 1 findings, 2 something could not be looked at. */
  finish(): number {
    const rows = [...this.tallies].map(([check, { found, mended, failure }]) => [
      checks[check],
      String(found),
      String(mended),
      failure === undefined ? 'done' : `not done: ${failure}`,
    ]);
    for (const line of table([['check', 'found', 'mended', ''], ...rows])) this.print(line);
    const tallies = [...this.tallies.values()];
    if (tallies.some(({ failure }) => failure !== undefined)) return 2;
    return tallies.some(({ found }) => found > 0) ? 1 : 0;
  }
}

function lineOf({ what, messageId, batchId, detail, mended, left }: Finding): string {
  const outcome = mended ?? (left === undefined ? undefined : `left as it is: ${left}`);
  return [
    what,
    messageId && encodeId('message', messageId),
    batchId && encodeId('batch', batchId),
    detail,
    outcome && `-> ${outcome}`,
  ]
    .filter(Boolean)
    .join('  ');
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
