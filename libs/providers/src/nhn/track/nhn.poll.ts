import type { PollResult, RecipientReport, TrackedRequest } from '@gateway/core';
import { z } from 'zod';
import { allPages, type NhnApi } from '../nhn.api.js';
import { movingPart, rowReport } from './nhn.status.js';
import { timeReader } from '../nhn.time.js';
import type { MailRow } from '../nhn.wire.js';

const cursorSchema = z.object({ counts: z.string() });

/** NHN has no counters: the rows of a request (at most 1,000) are its state. They are reported only if they changed. */
export async function* pollRequest(
  api: NhnApi,
  request: TrackedRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly RecipientReport[], PollResult, void> {
  const before = cursorSchema.safeParse(request.cursor).data?.counts ?? '';
  const rows: MailRow[] = [];
  for await (const page of allPages(api, { requestId: request.requestId }, signal)) rows.push(...page);
  const counts = countsOf(rows);
  const moved = counts !== before;
  const readTime = timeReader(rows[0]?.requestDate, request.acceptedAt);
  const reports = moved ? rows.map((row) => rowReport(row, readTime)).filter(isTelling) : [];
  if (reports.length > 0) yield reports;
  return {
    begun: rows.some(hasBegun),
    // The first poll shows the state of the rows, not a change.
    moved: before === '' ? reports.length > 0 : moved,
    cursor: { counts },
  };
}

/** How many rows stand where, as text: `SST2 3, SST2+received 12`. */
function countsOf(rows: readonly MailRow[]): string {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(movingPart(row), (counts.get(movingPart(row)) ?? 0) + 1);
  return [...counts]
    .map(([part, count]) => `${part} ${count}`)
    .sort()
    .join(', ');
}

/** Statuses that the request as a whole already reports for its receivers. */
const FOLLOWING: ReadonlySet<string> = new Set(['submitted', 'sending']);
const WAITING: ReadonlySet<string> = new Set(['SST0', 'SST4', '']);

const hasBegun = (row: MailRow): boolean => !WAITING.has(row.mailStatusCode ?? '');

const isTelling = ({ status, openedAt, unknownStatus }: RecipientReport): boolean =>
  !(status === undefined || FOLLOWING.has(status)) || openedAt !== undefined || unknownStatus !== undefined;
