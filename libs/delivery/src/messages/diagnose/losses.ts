import { isSettled, recipientStatuses, type Reason, type RecipientCounts } from '@gateway/core';
import type { LossGroup, MessageDetail } from '@gateway/database';
import { adviceOn } from './advice.js';
import type { Finding } from './finding.js';
import { pathOf, people, wordsOf } from './words.js';

type Lost = Pick<LossGroup, 'provider' | 'status' | 'reason' | 'code' | 'message'> & {
  readonly detail?: string | null;
};

/** Recipients that did not get the mail. */
export function lost(group: Lost, message: MessageDetail, recipients: number): Finding {
  const { status, reason, detail } = group;
  const why = [detail, group.code, group.message].filter((text) => text !== null && text !== undefined);
  return {
    cause: {
      code: reasonOf(reason),
      detail: `${people(recipients)} ${status}${why.length === 0 ? '' : `: ${why.join(' ')}`}`,
      provider: wordsOf(group),
      recipients,
      status,
    },
    steps: [...stepsOn(reason), ...(isOver(message) ? [redrive(message)] : [])],
  };
}

const redrive = (message: MessageDetail): string =>
  `To send it again to those who did not get it: POST ${pathOf(message)}/redrive ({"dryRun":true} only counts).`;

/** Is every recipient settled? */
export function isOver({ counts }: MessageDetail): boolean {
  const open = recipientStatuses.filter((status) => !isSettled(status));
  return open.every((status) => ((counts as RecipientCounts)[status] ?? 0) === 0);
}

export const stepsOn = (reason: string | null): readonly string[] => {
  const advice = adviceOn[reasonOf(reason)];
  return advice === undefined ? [] : [advice];
};

export const reasonOf = (reason: string | null): Reason => (reason ?? 'unknown') as Reason;
