import type { BatchStatus, ProviderWords, Reason, RecipientStatus } from '@gateway/core';
import type { AlikeBatches, LossGroup, MessageDetail } from '@gateway/database';
import type { Waiting } from '../../accounts/waiting.js';

/** Things that a message can wait for. The first one that holds for any of its recipients is named. */
export const waitsFor = {
  release: 'A person who releases it.',
  due_time: 'Its `sendAt`.',
  audience: 'A worker that looks up the recipients of its audience.',
  account: 'The account that sends it: paused, closed, at its pace or out of quota.',
  retry: 'The next attempt, after a provider refused a request for now.',
  look_up: 'The provider, which is asked whether it has a request that it did not answer.',
  worker: 'A worker that takes it.',
  answer: "The provider's answer to a request that is being sent.",
  provider: 'The provider, which has accepted it and has not sent it to everybody.',
  receipt: 'A receipt from the receiving side, or the end of the time for it.',
} as const;

export type WaitsFor = keyof typeof waitsFor;

/** Besides the reasons of recipients. */
export const causeCodes = [...(Object.keys(waitsFor) as WaitsFor[]), 'account_unable', 'suppressed'] as const;

export interface Cause {
  readonly code: (typeof causeCodes)[number] | Reason;
  readonly detail: string;
  readonly provider?: ProviderWords & { readonly name: string };
  /** How many recipients it concerns, where that is counted, and in how many batches. */
  readonly recipients?: number;
  readonly batches?: number;
  /** The status in which their mail ended. */
  readonly status?: BatchStatus | RecipientStatus;
}

export interface Diagnosis {
  /** The status of the message. */
  readonly state: string;
  readonly waitingFor: WaitsFor | null;
  readonly since: Date | null;
  readonly until: Date | null;
  readonly causes: readonly Cause[];
  /** Calls and acts that help, most useful first. */
  readonly nextSteps: readonly string[];
}

export interface Facts {
  readonly message: MessageDetail;
  readonly groups: readonly AlikeBatches[];
  readonly losses: readonly LossGroup[];
  /** Why the mail of an account waits; `undefined` while it takes mail. */
  readonly waiting: (account: string) => Waiting | undefined;
  readonly now: Date;
}

/** One thing that holds the message up, or did. */
export interface Finding {
  readonly waitsFor?: WaitsFor;
  readonly since?: Date | null;
  readonly until?: Date | null;
  readonly cause: Cause;
  readonly steps: readonly string[];
}
