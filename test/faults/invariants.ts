import type { BatchView, MessageView } from '../../libs/testing/src/gateway/answers.js';
import { visitDoctor } from '../support/doctor.js';
import type { PlannedMessage } from './plan.js';
import type { World } from './world.js';

/** A message of a case and what it was sent as. */
export interface Sent {
  readonly planned: PlannedMessage;
  readonly id: string;
  readonly sender: string;
}

const NO_MORE_DOUBT: readonly (string | null)[] = ['refused', 'absent'];
const ENDS: readonly (string | null)[] = ['accepted', 'adopted', 'refused', 'absent'];

/** Violations by a message after everything is over; empty when all guarantees were kept. */
export async function violationsOf(world: World, sent: Sent): Promise<readonly string[]> {
  const message = await world.client.message(sent.id);
  const batches = await world.client.batches(sent.id);
  const events = await world.client.events(sent.id);
  const completions = events.filter(({ type }) => type === 'message.completed').length;
  return [
    ...wrongEnd(message, sent.planned),
    ...(await wrongMail(world, sent)),
    ...batches.flatMap(wrongAttempts),
    ...(completions === 1 ? [] : [`the end of the message was reported ${completions} times`]),
  ];
}

/** Only culprits are refused for good in a plan: all other recipients must have the mail. */
function wrongEnd({ status, counts, recipientCount }: MessageView, planned: PlannedMessage): string[] {
  const { recipients, culprits } = planned;
  const isRight = counts.delivered === recipients - culprits && counts.failed === culprits;
  if (status === (culprits > 0 ? 'partially_failed' : 'completed') && isRight && recipientCount === recipients) {
    return [];
  }
  return [`${status}, ${counts.delivered} of ${planned.recipients} delivered: ${JSON.stringify(counts)}`];
}

/** The simulator's own record: each recipient has one mail, and no other address has any. */
export async function wrongMail(world: World, { sender, planned }: Sent): Promise<readonly string[]> {
  const { recipients, repeatedAddresses } = await world.simulator.summary(sender);
  const wrong: string[] = [];
  if (repeatedAddresses.count > 0) wrong.push(`${repeatedAddresses.count} recipients were mailed more than once`);
  const expected = planned.recipients - planned.culprits;
  if (recipients !== expected) wrong.push(`the providers took ${recipients} of ${expected} mails`);
  return wrong;
}

/** An attempt follows another only after a definite no or a settled absence, and each has an outcome. */
function wrongAttempts({ id, attempts }: BatchView): string[] {
  const outcomes = attempts.map(({ outcome }) => outcome);
  const doubted = outcomes.slice(0, -1).filter((outcome) => !NO_MORE_DOUBT.includes(outcome));
  const open = outcomes.filter((outcome) => !ENDS.includes(outcome));
  return [
    ...(doubted.length === 0 ? [] : [`${id} was posted again after ${doubted.join(', ')}`]),
    ...(open.length === 0 ? [] : [`${id} has attempts that ended as ${open.join(', ')}`]),
  ];
}

/** Counters against rows, owners of batches, attempts, jobs: `npm run doctor` says. */
export async function wrongByTheDoctor(world: World): Promise<readonly string[]> {
  const { code, said } = await visitDoctor(world.doctorEnv, '--late', '30s');
  return code === 0 ? [] : [`the doctor: ${said.trim()}`];
}
