import type { Row } from '../case.js';

export interface Outage {
  readonly waiting: number;
  /** Processor seconds per second, of api, workers and PostgreSQL. */
  readonly load: number;
  /** Events of batches, for each waiting one. */
  readonly events: number;
  /** Milliseconds. */
  readonly readP99: number;
  readonly acceptP99: number;
  readonly idleCodeP99: number;
  readonly codeP99: number;
  /** Mails per second once the provider takes them again. */
  readonly drained: number;
  /** Seconds until the first of them. */
  readonly firstAfter: number;
  /** Places by which one was overtaken. */
  readonly overtaken: number;
  /** Batches that were accepted more than once. */
  readonly twice: number;
  /** Mails per second of a backlog without an outage, measured in the stage with few. */
  readonly dispatched: number | undefined;
}

export function outageRows(one: Outage, empty: Outage): readonly Row[] {
  const what = `outage, ${one.waiting.toLocaleString('en')} mails waiting`;
  return [costRow(what, one, empty), latencyRow(what, one, empty), drainRow(what, one, empty), codeRow(what, one)];
}

const costRow = (what: string, one: Outage, empty: Outage): Row => ({
  what: `${what}: processor time of api, workers and PostgreSQL, scraped and watched; events per mail`,
  floor: `${empty.waiting} waiting: ${percent(empty.load)} of a core`,
  gateway: `${percent(one.load)} of a core, ${one.events.toFixed(2)} events`,
  ratio: percent(one.load),
  target: '≤ 5 %, ≤ 2 events',
  met: one.load <= 0.05 && one.events <= 2,
});

function latencyRow(what: string, one: Outage, empty: Outage): Row {
  const slower = Math.max(one.readP99 / empty.readP99, one.acceptP99 / empty.acceptP99);
  const ms = ({ readP99, acceptP99 }: Outage): string =>
    `read ${readP99.toFixed(0)} ms, accept ${acceptP99.toFixed(0)} ms`;
  return {
    what: `${what}: p99`,
    floor: ms(empty),
    gateway: ms(one),
    ratio: `${slower.toFixed(1)} ×`,
    target: '≤ 1.5 ×',
    met: slower <= 1.5,
  };
}

function drainRow(what: string, one: Outage, empty: Outage): Row {
  const floor = empty.dispatched ?? Number.NaN;
  const rate = (n: number): string => `${Math.round(n).toLocaleString('en')}/s`;
  return {
    what: `${what}: drain`,
    floor: `backlog without an outage ${rate(floor)}`,
    gateway: `${rate(one.drained)}, the first after ${one.firstAfter.toFixed(1)} s`,
    ratio: `${(one.drained / floor).toFixed(2)} ×`,
    target: '≥ 0.8 ×, nothing twice',
    met: one.drained >= 0.8 * floor && one.twice === 0,
    note: `overtaken by at most ${one.overtaken.toLocaleString('en')} that were due later; ${one.twice} sent twice`,
  };
}

const codeRow = (what: string, one: Outage): Row => ({
  what: `${what}: login code during the drain, accept to provider's yes`,
  floor: `idle p99 ${one.idleCodeP99.toFixed(0)} ms`,
  gateway: `p99 ${one.codeP99.toFixed(0)} ms`,
  ratio: `${(one.codeP99 / one.idleCodeP99).toFixed(1)} ×`,
  target: '≤ 3 ×',
  met: one.codeP99 <= 3 * one.idleCodeP99,
});

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
