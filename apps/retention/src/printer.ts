import type { RetentionPlan, RetentionReport } from '@gateway/delivery';
import type { RetentionConfig } from '@gateway/platform';

type Print = (text: string) => void;

const NEXT_MS = 200;
const CLEAR_LINE = '\r\x1b[2K';

/** Progress of a run, in one terminal line that is rewritten; without a terminal, nothing is printed. */
export class Progress {
  private shownAt = 0;

  constructor(
    private readonly terminal: boolean,
    private readonly write: Print,
  ) {}

  show(report: RetentionReport): void {
    if (!this.terminal || performance.now() - this.shownAt < NEXT_MS) return;
    this.shownAt = performance.now();
    const messages = Object.values(report.erased).reduce((sum, entry) => sum + entry.messages, 0);
    this.write(
      `${CLEAR_LINE}${messages} messages erased, ${report.months.length} months dropped, ` +
        `${report.recipients} recipients and ${report.events} events deleted`,
    );
  }

  end(): void {
    if (this.terminal) this.write(CLEAR_LINE);
  }
}

const period = (days: number): string => (days === 0 ? 'kept for ever' : `${days} days`);

export function printPlan(plan: RetentionPlan, policy: RetentionConfig, print: Print): void {
  print('Nothing is changed. A run would erase, now:');
  for (const [category, days] of Object.entries(policy.days)) {
    const found = plan.categories.find((entry) => entry.category === category);
    const what = days === 0 ? '' : `: ${found?.messages ?? 0} messages with ${found?.recipients ?? 0} recipients`;
    print(`  ${category} (${period(days)})${what}`);
  }
  for (const { name, messages, passed, goes, bytes } of plan.months) {
    const fate = goes ? 'dropped whole' : 'rows deleted as their messages pass';
    print(`  ${name}: ${passed} of ${messages} messages passed, ${megabytes(bytes)} MB: ${fate}`);
  }
  if (policy.dropDays > 0) print(`  altogether (${period(policy.dropDays)}): ${plan.drops} messages`);
}

export function printReport(report: RetentionReport, print: Print): void {
  for (const [category, { messages, recipients }] of Object.entries(report.erased)) {
    if (messages > 0) print(`${category}: ${messages} messages with ${recipients} recipients erased`);
  }
  if (report.attachments > 0) print(`${report.attachments} files are left to be removed`);
  for (const name of report.months) print(`${name}: dropped`);
  for (const name of report.monthsInUse) print(`${name}: in use, not dropped; the next run tries again`);
  print(`${report.recipients} recipients and ${report.events} events deleted one by one`);
  if (report.dropped > 0) print(`${report.dropped} erased messages gone altogether`);
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
