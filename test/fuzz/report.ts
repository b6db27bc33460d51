import type { Exchange } from './connection.js';
import type { Conversation } from './plan/conversation.js';
import type { Watch } from './watch.js';
import { bytesOf, type Wire } from './wire.js';

const LONGEST_REPRODUCTION = 500;

/** Counts what came back, and remembers the first example of each kind of fault. */
export class Report {
  requests = 0;
  answers = 0;
  turnedAway = 0;
  slowestMs = 0;
  private readonly statuses = new Map<number, number>();
  private readonly kinds = new Map<string, number>();

  note({ answer, ms }: Exchange): void {
    if (answer === undefined) return;
    this.answers += 1;
    this.slowestMs = Math.max(this.slowestMs, ms);
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
  }

  /** @returns whether nothing of this kind was seen before. */
  noteFault(what: string): boolean {
    const kind = kindOf(what);
    const seen = this.kinds.get(kind) ?? 0;
    this.kinds.set(kind, seen + 1);
    return seen === 0;
  }

  get faults(): number {
    return [...this.kinds.values()].reduce((sum, count) => sum + count, 0);
  }

  table(): string {
    const statuses = [...this.statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    const kinds = [...this.kinds].map(([kind, count]) => `  ${count} x ${kind}`);
    return [`answers by status: ${statuses.join(', ')}`, ...kinds].join('\n');
  }
}

/** Without call, ids, numbers and quoted words, so that a fault that occurs a thousand times is reported once. */
export const kindOf = (what: string): string =>
  what
    .replace(/^[^:]+: /, '')
    .replace(/^(login code) \d+/, '$1')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4,}|"[^"]*"/g, '…')
    .slice(0, 160);

export const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? 0;

export function watched({ healthMs, acceptMs, deliveryMs, peakMemoryMb }: Watch): string {
  const times = (values: readonly number[]) =>
    `p50 ${Math.round(percentile(values, 0.5))} ms, p99 ${Math.round(percentile(values, 0.99))} ms, most ${Math.round(percentile(values, 1))} ms`;
  return [
    `/health/live: ${times(healthMs)}`,
    `login codes: ${acceptMs.length} accepted, ${times(acceptMs)}; ${deliveryMs.length} delivered, ${times(deliveryMs)}`,
    `memory of the api at its peak: ${Math.round(peakMemoryMb)} MB`,
  ].join('\n');
}

/** A command that sends these bytes again. */
export function reproduction({ wires, delivery }: Conversation, port: number): string {
  const { pipelined, pace, leaves } = delivery;
  const how = [
    pipelined ? 'pipelined' : 'one by one',
    pace,
    leaves === undefined ? 'waits for answers' : `leaves: ${JSON.stringify(leaves)}`,
  ];
  return [`    # ${how.join(', ')}`, ...wires.map((wire) => `    ${printf(wire)} | nc -q 5 127.0.0.1 ${port}`)].join(
    '\n',
  );
}

function printf(wire: Wire): string {
  const text = bytesOf(wire).toString('latin1');
  const shown = text.replace(/[^\x20-\x7e]|[\\%']/g, (letter) =>
    letter === '%'
      ? '%%'
      : letter === '\r'
        ? '\\r'
        : letter === '\n'
          ? '\\n'
          : `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  if (shown.length <= LONGEST_REPRODUCTION) return `printf '${shown}'`;
  return `printf '${shown.slice(0, LONGEST_REPRODUCTION)}' # and ${shown.length - LONGEST_REPRODUCTION} more characters`;
}
