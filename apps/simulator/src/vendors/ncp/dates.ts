import { lastOf, type Query } from '../../http/query.js';
import { epochOf } from '../../http/vendor-time.js';
import { badRequest } from './errors.js';
import { NCP_OFFSET_MINUTES } from './types.js';

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2})(?::(\d{2})[. ](\d{3}))?)?$/;

/** One end of a window from `<name>Utc` (wins) or `<name>DateTime` at UTC+9 (ncp.md §3.4); undefined if absent. */
export function readMoment(query: Query, name: 'start' | 'end'): number | undefined {
  const utc = lastOf(query, `${name}Utc`);
  if (utc !== undefined) {
    if (!/^\d{1,15}$/.test(utc)) throw badRequest(`${name}Utc is not epoch milliseconds`);
    return Number(utc);
  }
  const text = lastOf(query, `${name}DateTime`);
  if (text === undefined) return undefined;
  const match = DATE_TIME.exec(text);
  const at = match
    ? epochOf(
        match.slice(1).map((part) => Number(part ?? 0)),
        NCP_OFFSET_MINUTES,
      )
    : undefined;
  if (at === undefined) throw badRequest(`${name}DateTime is not in one of the four formats`);
  return name === 'end' ? at + unitOf(text) - 1 : at;
}

/** An end is inclusive: a bare day lasts to its end, a minute to its last millisecond. */
function unitOf(text: string): number {
  if (text.length === 10) return 86_400_000;
  return text.length === 16 ? 60_000 : 1;
}
