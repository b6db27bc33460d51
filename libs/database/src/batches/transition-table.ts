import {
  delayedBatchStatuses,
  heldBatchStatuses,
  mayMove,
  outBatchStatuses,
  waitingBatchStatuses,
  type BatchStatus,
} from '@gateway/core';
import { sqlList } from './status-lists.js';

type Statuses = readonly BatchStatus[];

/** A change of status that one statement makes. Every state in `from` may lead to every state in `to`. */
export interface Transition {
  readonly from: Statuses;
  readonly to: Statuses;
}

/** @throws Error at start-up when the table in core does not allow it. A claim of what is queued already is no move. */
function move<const From extends Statuses, const To extends Statuses>(from: From, to: To) {
  for (const before of from) {
    const wrong = to.find((after) => after !== before && !mayMove(before, after));
    if (wrong !== undefined) throw new Error(`a batch must not go from ${before} to ${wrong}`);
  }
  return { from, to } as const;
}

/**
 * Every change of a batch's status, by name. A test compares them with the table in core, in both directions, and makes
 * sure that no other file sets a batch's status.
 */
export const transitions = {
  letGo: move(heldBatchStatuses, ['scheduled', 'queued']),
  queueDue: move(waitingBatchStatuses, ['queued']),
  claim: move(waitingBatchStatuses, ['dispatching']),
  release: move(['dispatching'], ['queued']),
  leave: move(['dispatching'], ['queued']),
  recoverUntouched: move(['dispatching'], ['queued']),
  recoverBegun: move(['dispatching'], ['unconfirmed']),
  defer: move(['dispatching'], ['deferred']),
  doubt: move(['dispatching'], ['unconfirmed']),
  doubtWaiting: move(waitingBatchStatuses, ['unconfirmed']),
  resend: move(['unconfirmed'], ['queued']),
  take: move(outBatchStatuses, ['submitted']),
  progress: move(['submitted'], ['sending']),
  finish: move(['submitted', 'sending'], ['settled', 'failed', 'cancelled', 'expired']),
  replan: move(outBatchStatuses, ['replanned']),
  settleEmpty: move(['dispatching'], ['settled']),
  settleSuppressed: move([...heldBatchStatuses, ...waitingBatchStatuses], ['settled']),
  fail: move(outBatchStatuses, ['failed']),
  failWaiting: move(delayedBatchStatuses, ['failed']),
  cancel: move([...heldBatchStatuses, ...waitingBatchStatuses], ['cancelled']),
  expire: move(waitingBatchStatuses, ['expired']),
  expireHeld: move(heldBatchStatuses, ['expired']),
  expireDoubt: move(['unconfirmed'], ['expired']),
} as const satisfies Readonly<Record<string, Transition>>;

type Name = keyof typeof transitions;

export const from = (name: Name): string => sqlList(transitions[name].from);
export const to = (name: Name): string => `'${transitions[name].to[0]}'::batch_status`;
