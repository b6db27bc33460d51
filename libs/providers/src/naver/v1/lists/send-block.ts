import { ProviderUnavailableError, type RecipientReport } from '@gateway/core';
import type { V1Api } from '../api.js';
import { BLOCKED } from '../../send-result.js';
import { sendBlockSchema } from '../wire.js';

const NEWEST = [
  ['size', 10],
  ['sort', 'createUtc,desc'],
] as const;

/**
 * After a hard bounce NCP blocks the address for all senders for 7 days or more (ncp.md §8). The mail's detail says no
 * more than that; getSendBlockList has the cause and the end of the block. A report is valid without them.
 */
export async function explainBlock(api: V1Api, report: RecipientReport, signal: AbortSignal): Promise<RecipientReport> {
  if (report.code !== BLOCKED) return report;
  try {
    const query = [['targetAddress', report.address] as const, ...NEWEST];
    const { content, expectedDeleteDate: until } = await api.get('/send-block', query, sendBlockSchema, signal);
    const cause = content.find(({ actionType, sendResultCode }) => actionType !== 'D' && sendResultCode !== BLOCKED);
    const parts = [
      report.message,
      cause && `blocked since ${cause.requestDate?.toISOString() ?? 'earlier'}: ${wordsOf(cause)}`,
      until && `until ${until.toISOString()}`,
    ];
    const message = parts.filter((part) => part).join('; ');
    return message === '' ? report : { ...report, message };
  } catch (error) {
    if (error instanceof ProviderUnavailableError && !signal.aborted) return report;
    throw error;
  }
}

const wordsOf = (cause: {
  sendResultCode?: string | null | undefined;
  sendResultMessage?: string | null | undefined;
}) => [cause.sendResultCode, cause.sendResultMessage?.trim()].filter((word) => word).join(' ');
