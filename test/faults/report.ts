import { FAULTS, ROUTES, type Case } from './plan.js';
import type { Outcome } from './run-case.js';

/** Messages and violations by what they were up against. */
export class Report {
  private readonly cells = new Map<string, { messages: number; recipients: number; violations: number }>();
  private readonly wrong: string[] = [];
  private cases = 0;

  get violations(): number {
    return this.wrong.length;
  }

  note(planned: Case, { sent, violations }: Outcome): void {
    this.cases += 1;
    for (const { planned: message } of sent) {
      for (const key of [keyOf(message.fault, message.route, planned.queue), keyOf(planned.disaster, planned.queue)]) {
        const cell = this.cell(key);
        cell.messages += 1;
        cell.recipients += message.recipients;
      }
    }
    for (const { about, what } of violations) {
      this.cell(keyOf(planned.disaster, planned.queue)).violations += 1;
      if (about !== undefined) this.cell(keyOf(about.fault, about.route, planned.queue)).violations += 1;
      const where = about === undefined ? '' : `${about.fault}, ${about.route}, ${about.recipients} recipients: `;
      this.wrong.push(`case ${planned.number} (${planned.queue}, ${planned.disaster}): ${where}${what}`);
    }
  }

  /** Something that went wrong after its case had ended. */
  noteLate(what: string): void {
    this.wrong.push(`later: ${what}`);
  }

  /** A table of Markdown: messages that kept every guarantee, and violations where there are any. */
  table(disasters: readonly string[]): string {
    const queues = ['postgres', 'redis'];
    const columns = queues.flatMap((queue) => ROUTES.map((route) => [route, queue] as const));
    const head = ['the provider', ...columns.map(([route, queue]) => `${route}, ${queue}`)];
    const rows = Object.keys(FAULTS).map((fault) => [
      fault,
      ...columns.map(([route, queue]) => this.words(keyOf(fault, route, queue))),
    ]);
    const others = disasters.map((name) => [name, ...queues.map((queue) => this.words(keyOf(name, queue)))]);
    return `${markdown(head, rows)}\n\n${markdown(['the gateway', ...queues], others)}\n`;
  }

  summary(seconds: number): string {
    const all = [...this.cells].filter(([key]) => key.split('|').length === 2).map(([, cell]) => cell);
    const sum = (of: 'messages' | 'recipients'): number => all.reduce((total, cell) => total + cell[of], 0);
    return (
      `${this.cases} cases, ${sum('messages')} messages, ${sum('recipients')} recipients, ` +
      `${Math.round(seconds)} s: ${this.wrong.length} violations\n${this.wrong.join('\n')}`
    );
  }

  private cell(key: string) {
    const cell = this.cells.get(key) ?? { messages: 0, recipients: 0, violations: 0 };
    this.cells.set(key, cell);
    return cell;
  }

  private words(key: string): string {
    const cell = this.cells.get(key);
    if (cell === undefined) return '';
    return cell.violations === 0 ? String(cell.messages) : `${cell.messages}, ${cell.violations} WRONG`;
  }
}

const keyOf = (...words: readonly string[]): string => words.join('|');

const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
