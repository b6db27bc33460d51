import { cpus, totalmem } from 'node:os';
import type { Row } from './case.js';

/** The table in Markdown, with what it was measured on. */
export const reportOf = (rows: readonly Row[], facts: Facts): string =>
  [
    machine(facts),
    '',
    '| what | floor, same run | gateway | ratio | target | met |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      (r) => `| ${[withNote(r), r.floor, r.gateway, r.ratio, r.target, r.met ? 'yes' : '**no**'].join(' | ')} |`,
    ),
    '',
  ].join('\n');

interface Facts {
  readonly runs: number;
  readonly quick: boolean;
  /** How long it took. */
  readonly minutes: string;
}

const withNote = ({ what, note }: Row): string => (note === undefined ? what : `${what}; ${note}`);

function machine({ runs, quick, minutes }: Facts): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const on = `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${memory}, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 10);
  return `Measured ${date} on ${on}, embedded PostgreSQL 18, everything on this machine; medians of ${runs} ${runs === 1 ? 'run' : 'runs'}${quick ? ' (--quick: fewer rows)' : ''}; ${minutes} minutes.`;
}
