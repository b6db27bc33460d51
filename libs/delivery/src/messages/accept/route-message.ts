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
import { withinQuota } from '../../accounts/quota/quota.js';
import type { RecipientAnalysis } from './recipient-analysis.js';

/** The decision that is recorded with the message. `provider` is the account that gets it. */
export interface Routing {
  readonly provider: string;
  readonly candidates: readonly Candidate[];
  readonly failovers: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

export interface Route {
  readonly routing: Routing;
  /** For the caller: what the account cannot do, although it takes the message. */
  readonly warnings: readonly string[];
  readonly batches: readonly BatchRange[];
}

/** One request, of recipients that are not known yet. */
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
  /** The key of the caller may not use it. */
  readonly forbidden?: boolean;
}

/**
 * Chooses the account: the requested one, or the first able one in the order of preference; a resting one only if there
 * is no other. `onQuota` decides whether an account without room counts.
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
    warnings: chosen.capabilities.doubt === 'none' ? [withoutSettlement(chosen.name)] : [],
    batches: spec.list === undefined ? (judged.get(chosen.name)?.batches ?? []) : [TO_A_LIST],
  };
}

/** With `doubt: 'none'` (docs/adr/0021-doubt-as-declared.md). */
const withoutSettlement = (account: string): string =>
  `The account ${account} cannot say whether it accepted a request that it did not answer. ` +
  'Recipients of such a request stay unconfirmed, are never sent to again, and expire.';

/** @throws GatewayProblem `quota_exceeded`. */
function choose<T extends AccountState>(
  { onQuota }: Pick<MessageSpec, 'onQuota'>,
  able: readonly T[],
  recipients: number,
): T | undefined {
  const eligible = withinQuota(onQuota, able, recipients);
  return eligible.find(({ resting }) => !resting) ?? eligible[0];
}

function judgeOne(analysis: RecipientAnalysis, provider: RoutableProvider & AccountState): Judged {
  const { name } = provider;
  const watch = analysis.watch(name);
  const obstacles = [...obstaclesOf(analysis.profile, provider), ...(watch?.obstacles ?? [])];
  if (provider.forbidden === true) {
    obstacles.push({ pointer: '/provider', code: 'not_allowed', detail: 'the API key may not use this account' });
  }
  let batches: readonly BatchRange[] = [];
  try {
    batches = analysis.planners.get(name)?.finish() ?? [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    obstacles.push({ ...(watch?.excess ?? { pointer: '/recipients' }), code: 'too_many', detail: error.message });
  }
  const reasons = obstacles.map(({ detail }) => detail);
  return { candidate: { provider: name, able: reasons.length === 0, reasons }, obstacles, batches };
}

const OF_THE_MESSAGE: ReadonlySet<string> = new Set(['too_long', 'too_large']);

/** Too large for every account is a fault of the field. */
function refusal(refused: readonly Judged[]): GatewayProblem {
  const everywhere = (refused[0]?.obstacles ?? []).filter(
    ({ pointer, code }) =>
      OF_THE_MESSAGE.has(code) &&
      refused.every(({ obstacles }) => obstacles.some((o) => o.pointer === pointer && o.code === code)),
  );
  const told = everywhere.map((obstacle) => ({ ...obstacle, detail: detailOfAll(obstacle, refused) }));
  const [first] = told;
  if (first !== undefined) {
    return new GatewayProblem('validation_failed', `${first.pointer}: ${first.detail}`, { fieldErrors: told });
  }
  const details = refused.map(({ candidate }) => `${candidate.provider}: ${candidate.reasons.join('; ')}`);
  return new GatewayProblem('unsupported_by_provider', `No account can send this. ${details.join(' | ')}`, {
    fieldErrors: refused.flatMap(({ candidate, obstacles }) =>
      obstacles.map((o) => ({ ...o, detail: `${candidate.provider}: ${o.detail}` })),
    ),
  });
}

/** Accounts differ in their limits, and in what they count. */
function detailOfAll({ pointer, code }: Obstacle, refused: readonly Judged[]): string {
  const details = refused.flatMap(({ candidate, obstacles }) => {
    const found = obstacles.find((o) => o.pointer === pointer && o.code === code);
    return found === undefined ? [] : [{ provider: candidate.provider, detail: found.detail }];
  });
  const [first] = details;
  if (details.every(({ detail }) => detail === first?.detail)) return first?.detail ?? '';
  return details.map(({ provider, detail }) => `${provider}: ${detail}`).join('; ');
}
