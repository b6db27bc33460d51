import type { Candidate, RecipientCounts } from '@gateway/core';
import type { MessageDetail } from '@gateway/database';
import { dueTime, explanations, heldMessage, NO_WORKER } from './batches.js';
import { waitsFor, type Diagnosis, type Facts, type Finding, type WaitsFor } from './finding.js';
import { lost } from './losses.js';
import { people } from './words.js';

/** Explains why a message is where it is, from what is stored about it. */
export function diagnose(facts: Facts): Diagnosis {
  const findings = [
    ...ofTheMessage(facts),
    ...facts.groups.flatMap((group) => explanations[group.status](group, facts)),
    ...endings(facts),
  ];
  const open = findings
    .filter((finding): finding is Finding & { waitsFor: WaitsFor } => finding.waitsFor !== undefined)
    .sort((a, b) => order(a.waitsFor) - order(b.waitsFor));
  const [first] = open;
  const ended = findings.filter(({ waitsFor: waits }) => waits === undefined);
  const told = [...open, ...ended];
  return {
    state: facts.message.status,
    waitingFor: first?.waitsFor ?? null,
    since: first?.since ?? null,
    until: first?.until ?? null,
    causes: told.map(({ cause }) => cause),
    nextSteps: [...new Set(told.flatMap(({ steps }) => steps))],
  };
}

const order = (waits: WaitsFor): number => Object.keys(waitsFor).indexOf(waits);

/** Before it has batches. */
function ofTheMessage({ message, now }: Facts): readonly Finding[] {
  if (message.audience === null || message.batchCount > 0 || message.recipientCount > 0) return [];
  if (message.status === 'held') return [heldMessage(message)];
  if (message.status !== 'scheduled' && message.status !== 'queued') return [];
  if (message.sendAt !== null && message.sendAt > now) return [dueTime(message, message.sendAt)];
  const since = message.sendAt ?? message.createdAt;
  const detail = 'its recipients are looked up in the groups of its audience';
  return [{ waitsFor: 'audience', since, cause: { code: 'audience', detail }, steps: NO_WORKER }];
}

/** Why some recipients did not get it, and why an account was not chosen. */
function endings({ message, losses }: Facts): readonly Finding[] {
  const suppressed = (message.counts as RecipientCounts).suppressed ?? 0;
  const refused = candidatesOf(message).filter(({ able }) => !able);
  return [
    ...losses.map((group) => lost(group, message, group.recipients)),
    ...(suppressed === 0 ? [] : [suppression(suppressed)]),
    ...refused.map(({ provider, reasons }): Finding => {
      const detail = `${provider} cannot send this: ${reasons.join('; ')}`;
      return { cause: { code: 'account_unable', detail, provider: { name: provider } }, steps: [] };
    }),
  ];
}

const suppression = (count: number): Finding => ({
  cause: { code: 'suppressed', detail: `${people(count)} on the suppression list`, recipients: count },
  steps: [
    'GET /v1/suppressions?address= says why an address is on the list; DELETE /v1/suppressions/{address} takes it off.',
  ],
});

const candidatesOf = ({ routing }: MessageDetail): readonly Candidate[] =>
  (routing as { readonly candidates?: readonly Candidate[] } | null)?.candidates ?? [];
