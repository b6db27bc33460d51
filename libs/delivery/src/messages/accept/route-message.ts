import {
  PlanError,
  obstaclesOf,
  type BatchRange,
  type Candidate,
  type ChosenRoute,
  type MessageSpec,
  type Obstacle,
  type RoutableProvider,
  type RoutePlan,
} from '@gateway/core';
import { withinQuota } from '../../accounts/quota/quota.js';
import { chosenRoute } from '../../routes/message-route.js';
import type { RecipientAnalysis } from './recipient-analysis.js';
import { refusal, type Judged } from './refusal.js';

/** The decision that is recorded with the message. `provider` is the account that gets it. */
export interface Routing {
  readonly provider: string;
  /** By preference. */
  readonly candidates: readonly Candidate[];
  readonly failovers: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
  /** The route that decided; `null`: the caller named the account. */
  readonly route: ChosenRoute | null;
}

export interface Route {
  readonly routing: Routing;
  /** For the caller: what the account cannot do, although it takes the message. */
  readonly warnings: readonly string[];
  readonly batches: readonly BatchRange[];
  /** Its route, if that has a guard or a shadow and the account is one of its own. */
  readonly watchedRouteId: string | null;
}

/** One request, of recipients that are not known yet. */
const TO_A_LIST: BatchRange = { from: 0, to: -1 };

/** How an account is at this moment. */
export interface AccountState {
  /** Paused, or its breaker is open: only if there is no other. */
  readonly resting: boolean;
  /** Takes nothing new, by the decision of an operator. */
  readonly drained: boolean;
  /** Recipients that its month has left; `Infinity` without a quota. */
  readonly quotaLeft: number;
  /** The key of the caller may not use it. */
  readonly forbidden?: boolean;
}

/**
 * Chooses the account: the requested one, or the first able one in the order that the routes give; a resting one only if
 * there is no other. `onQuota` decides whether an account without room counts.
 * @param plan what the routes say; none for a message whose caller has named the account.
 * @throws GatewayProblem `unsupported_by_provider` with the reasons when no account can send it; `validation_failed`
 * when it is a field that is too large for all of them.
 */
export function routeMessage(
  spec: Pick<MessageSpec, 'provider' | 'onQuota' | 'list'>,
  analysis: RecipientAnalysis,
  providers: readonly (RoutableProvider & AccountState)[],
  plan?: RoutePlan,
): Route {
  const ordered = inOrder(providers, plan);
  const judged = new Map(ordered.map((provider) => [provider.name, within(judgeOne(analysis, provider), plan)]));
  const eligible = ordered.filter(({ name }) => spec.provider === 'auto' || spec.provider === name);
  const able = eligible.filter(({ name }) => judged.get(name)?.candidate.able);
  const chosen = choose(spec, able, analysis.count);
  const candidates = [...unconfigured(providers, plan), ...judged.values()];
  if (chosen === undefined) {
    throw refusal(spec.provider === 'auto' ? candidates : eligible.flatMap(({ name }) => judged.get(name) ?? []));
  }
  return {
    routing: {
      provider: chosen.name,
      candidates: candidates.map(({ candidate }) => candidate),
      failovers: [],
      route: plan === undefined ? null : chosenRoute(plan),
    },
    warnings: chosen.capabilities.doubt === 'none' ? [withoutSettlement(chosen.name)] : [],
    batches: spec.list === undefined ? (judged.get(chosen.name)?.batches ?? []) : [TO_A_LIST],
    watchedRouteId: watchedBy(plan, chosen.name),
  };
}

/** By the plan's preference; those that it leaves out come last. */
function inOrder<T extends { readonly name: string }>(
  providers: readonly T[],
  plan: RoutePlan | undefined,
): readonly T[] {
  if (plan?.route === undefined) return providers;
  const rank = ({ name }: T): number => {
    const at = plan.accounts.indexOf(name);
    return at < 0 ? plan.accounts.length : at;
  };
  return [...providers].sort((a, b) => rank(a) - rank(b));
}

/** A route keeps the message from accounts that it does not allow, whatever they can do. */
function within({ candidate, obstacles, batches }: Judged, plan: RoutePlan | undefined): Judged {
  const { provider, reasons } = candidate;
  const detail = plan?.against.get(provider);
  if (detail === undefined) return { candidate, obstacles, batches };
  return {
    candidate: { provider, able: false, reasons: [detail, ...reasons], outside: true },
    obstacles: [{ pointer: '/provider', code: 'not_allowed', detail }, ...obstacles],
    batches,
  };
}

/** Accounts that a route names and that are not there any more. */
function unconfigured(providers: readonly RoutableProvider[], plan: RoutePlan | undefined): readonly Judged[] {
  const missing = plan?.accounts.filter((account) => !providers.some(({ name }) => name === account)) ?? [];
  return missing.map((provider) => {
    const detail = 'no account of this name is configured';
    return {
      candidate: { provider, able: false, reasons: [detail] },
      obstacles: [{ pointer: '/provider', code: 'not_allowed', detail }],
      batches: [],
    };
  });
}

function watchedBy(plan: RoutePlan | undefined, account: string): string | null {
  const route = plan?.route;
  if (route === undefined || (route.haltIf === undefined && route.shadow === undefined)) return null;
  return route.use.some((use) => use.account === account) ? route.id : null;
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

const DRAINED: Obstacle = { pointer: '/provider', code: 'not_allowed', detail: 'it is drained and takes nothing new' };
const FORBIDDEN: Obstacle = {
  pointer: '/provider',
  code: 'not_allowed',
  detail: 'the API key may not use this account',
};

/** Decisions of operators, whatever the message is. */
const decidedObstacles = ({ drained, forbidden = false }: AccountState): readonly Obstacle[] => [
  ...(drained ? [DRAINED] : []),
  ...(forbidden ? [FORBIDDEN] : []),
];

function judgeOne(analysis: RecipientAnalysis, provider: RoutableProvider & AccountState): Judged {
  const { name } = provider;
  const watch = analysis.watch(name);
  const obstacles = [
    ...decidedObstacles(provider),
    ...obstaclesOf(analysis.profile, provider),
    ...(watch?.obstacles ?? []),
  ];
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
