import type { ProviderAccount, Workload } from '@gateway/client';
import type { Tone } from '../../shared/status';

type AccountWork = Workload['accounts'][number];

/** A fault, how bad it is, and the verb that cures it. */
export interface Problem {
  readonly kind:
    | 'paused'
    | 'credentials'
    | 'breaker'
    | 'throttled'
    | 'quota'
    | 'quotaNear'
    | 'unconfirmed'
    | 'late'
    | 'leases'
    | 'polls'
    | 'audience'
    | 'webhooks'
    | 'webhookLag'
    | 'held';
  readonly tone: Tone;
  readonly account?: string;
  readonly verb?: 'resume' | 'show' | 'showHeld';
  readonly since?: string | null;
  readonly until?: string | null;
  /** Values of its words. */
  readonly values: Readonly<Record<string, string | number>>;
  /** Shown as a length of time under the name `age`. */
  readonly ageSeconds?: number;
}

/** Seconds after which what is usual becomes a problem. */
const LATE_S = 60;
const UNCONFIRMED_S = 60;
const POLLS_LATE_S = 300;
const WEBHOOKS_LATE_S = 60;
const QUOTA_NEAR = 0.9;

const ORDER: readonly Tone[] = ['bad', 'doubt', 'waiting'];

/**
 * The open problems, worst first.
 *
 * @param held messages that wait for their release, as they are counted: "3" or "100+"
 */
export function problemsOf(
  accounts: readonly ProviderAccount[],
  work: Workload,
  held: string | undefined,
): readonly Problem[] {
  const all = work.accounts.flatMap((each) => {
    const account = accounts.find(({ name }) => name === each.name);
    return [...(account ? [...healthProblems(account, each), ...quotaProblems(account)] : []), ...workProblems(each)];
  });
  all.push(...sharedProblems(work));
  if (held !== undefined) all.push({ kind: 'held', tone: 'waiting', verb: 'showHeld', values: { n: held } });
  return all.sort((a, b) => ORDER.indexOf(a.tone) - ORDER.indexOf(b.tone));
}

function* healthProblems({ name, health }: ProviderAccount, { waiting }: AccountWork): Generator<Problem> {
  const { paused, pausedBy, pauseReason, breaker } = health;
  const common = { account: name, since: waiting?.since ?? null };
  if (paused && pausedBy === 'gateway') {
    yield { ...common, kind: 'credentials', tone: 'bad', verb: 'resume', until: waiting?.until ?? null, values: {} };
  } else if (paused) {
    yield { ...common, kind: 'paused', tone: 'doubt', verb: 'resume', values: { reason: pauseReason ?? '–' } };
  } else if (breaker.state !== 'closed') {
    const kind = breaker.reason === 'throttled' ? 'throttled' : 'breaker';
    const tone = kind === 'throttled' ? 'waiting' : 'bad';
    yield { ...common, kind, tone, verb: 'show', until: breaker.until, values: { detail: health.lastFailure ?? '–' } };
  }
}

function* quotaProblems({ name, quota }: ProviderAccount): Generator<Problem> {
  if (quota.recipients === null) return;
  const share = quota.used / Math.max(quota.recipients, 1);
  if ((quota.left ?? 1) <= 0) yield { kind: 'quota', tone: 'bad', account: name, verb: 'show', values: {} };
  else if (share >= QUOTA_NEAR) {
    yield { kind: 'quotaNear', tone: 'waiting', account: name, values: { percent: Math.floor(share * 100) } };
  }
}

function* workProblems(work: AccountWork): Generator<Problem> {
  const { name: account, lanes, waiting } = work;
  const unconfirmed = lanes.reduce((sum, { batches }) => sum + (batches['unconfirmed'] ?? 0), 0);
  if (unconfirmed > 0 && work.unconfirmedSeconds > UNCONFIRMED_S) {
    const ageSeconds = work.unconfirmedSeconds;
    yield { kind: 'unconfirmed', tone: 'doubt', account, verb: 'show', values: { n: unconfirmed }, ageSeconds };
  }
  const due = Math.max(0, ...lanes.map(({ oldestDueSeconds }) => oldestDueSeconds));
  if (waiting === null && due > LATE_S)
    yield { kind: 'late', tone: 'bad', account, verb: 'show', values: {}, ageSeconds: due };
  if (work.endedLeases > 0) yield { kind: 'leases', tone: 'doubt', account, values: { n: work.endedLeases } };
  if (work.pollLagSeconds > POLLS_LATE_S) {
    yield { kind: 'polls', tone: 'doubt', account, values: {}, ageSeconds: work.pollLagSeconds };
  }
}

function* sharedProblems({ audienceLagSeconds, webhooks }: Workload): Generator<Problem> {
  if (audienceLagSeconds > LATE_S) yield { kind: 'audience', tone: 'bad', values: {}, ageSeconds: audienceLagSeconds };
  const { failing, paused, lagSeconds } = webhooks;
  if (failing > 0) yield { kind: 'webhooks', tone: 'bad', values: { failing, paused } };
  if (lagSeconds > WEBHOOKS_LATE_S) yield { kind: 'webhookLag', tone: 'doubt', values: {}, ageSeconds: lagSeconds };
}
