import {
  GatewayProblem,
  PlanError,
  obstaclesOf,
  type BatchRange,
  type Candidate,
  type MessageSpec,
  type Obstacle,
  type RoutableProvider,
} from '@gateway/core';
import type { RecipientAnalysis } from './recipient-analysis.js';

/** The decision that is recorded with the message. `provider` is the account that gets it. */
export interface Routing {
  readonly provider: string;
  readonly candidates: readonly Candidate[];
  readonly failovers: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

export interface Route {
  readonly routing: Routing;
  readonly batches: readonly BatchRange[];
}

/** One request, of recipients that nobody knows yet. */
const TO_A_LIST: BatchRange = { from: 0, to: -1 };

interface Judged {
  readonly candidate: Candidate;
  readonly obstacles: readonly Obstacle[];
  readonly batches: readonly BatchRange[];
}

/** How an account is at this moment. */
export interface AccountState {
  /** Paused, or its breaker is open: only if there is no other. */
  readonly resting: boolean;
  /** Recipients that its month has left; `Infinity` without a quota. */
  readonly quotaLeft: number;
}

/**
 * Chooses the account: the one asked for, or of those that are able the first in the order of preference; a resting one
 * only if there is no other. What `onQuota` says decides whether an account without room is one.
 * @param providers in order of preference.
 * @throws GatewayProblem `unsupported_by_provider` with the reasons when no account can send it; `validation_failed`
 * when it is a field that is too large for all of them.
 */
export function routeMessage(
  spec: Pick<MessageSpec, 'provider' | 'onQuota' | 'list'>,
  analysis: RecipientAnalysis,
  providers: readonly (RoutableProvider & AccountState)[],
): Route {
  const judged = new Map(providers.map((provider) => [provider.name, judgeOne(analysis, provider)]));
  const eligible = providers.filter(({ name }) => spec.provider === 'auto' || spec.provider === name);
  const able = eligible.filter(({ name }) => judged.get(name)?.candidate.able);
  const chosen = choose(spec, able, analysis.count);
  if (chosen === undefined) throw refusal(eligible.flatMap(({ name }) => judged.get(name) ?? []));
  return {
    routing: {
      provider: chosen.name,
      candidates: [...judged.values()].map(({ candidate }) => candidate),
      failovers: [],
    },
    batches: spec.list === undefined ? (judged.get(chosen.name)?.batches ?? []) : [TO_A_LIST],
  };
}

/** @throws GatewayProblem `quota_exceeded` when no account has room and the caller does not want to wait for it. */
function choose<T extends AccountState>(
  { onQuota }: Pick<MessageSpec, 'onQuota'>,
  able: readonly T[],
  recipients: number,
): T | undefined {
  const roomy = able.filter(({ quotaLeft }) => quotaLeft >= recipients);
  if (onQuota === 'reject' && able.length > 0 && roomy.length === 0) throw quotaProblem(able, recipients);
  const eligible = onQuota === 'defer' || roomy.length === 0 ? able : roomy;
  return eligible.find(({ resting }) => !resting) ?? eligible[0];
}

function quotaProblem(able: readonly AccountState[], recipients: number): GatewayProblem {
  const left = Math.max(0, ...able.map(({ quotaLeft }) => quotaLeft));
  const detail = `The quota has ${left} recipients left this month (Asia/Seoul), the message has ${recipients}.`;
  return new GatewayProblem('quota_exceeded', detail);
}

function judgeOne(analysis: RecipientAnalysis, provider: RoutableProvider): Judged {
  const { name } = provider;
  const obstacles = [...obstaclesOf(analysis.profile, provider)];
  let batches: readonly BatchRange[] = [];
  try {
    batches = analysis.planners.get(name)?.finish() ?? [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    obstacles.push({ pointer: '/recipients', code: 'too_many', detail: error.message });
  }
  const reasons = obstacles.map(({ detail }) => detail);
  return { candidate: { provider: name, able: reasons.length === 0, reasons }, obstacles, batches };
}

const OF_THE_MESSAGE: ReadonlySet<string> = new Set(['too_long', 'too_large']);

/** Too large for every account is a fault of the field, whoever would send it. */
function refusal(refused: readonly Judged[]): GatewayProblem {
  const everywhere = (refused[0]?.obstacles ?? []).filter(
    ({ pointer, code }) =>
      OF_THE_MESSAGE.has(code) &&
      refused.every(({ obstacles }) => obstacles.some((o) => o.pointer === pointer && o.code === code)),
  );
  const [first] = everywhere;
  if (first !== undefined) {
    return new GatewayProblem('validation_failed', `${first.pointer}: ${first.detail}`, { fieldErrors: everywhere });
  }
  const details = refused.map(({ candidate }) => `${candidate.provider}: ${candidate.reasons.join('; ')}`);
  return new GatewayProblem('unsupported_by_provider', `No account can send this. ${details.join(' | ')}`, {
    fieldErrors: refused.flatMap(({ candidate, obstacles }) =>
      obstacles.map((o) => ({ ...o, detail: `${candidate.provider}: ${o.detail}` })),
    ),
  });
}
