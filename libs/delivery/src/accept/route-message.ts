import {
  GatewayProblem,
  PlanError,
  judge,
  type BatchRange,
  type Candidate,
  type MessageSpec,
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

interface Judged {
  readonly candidate: Candidate;
  readonly batches: readonly BatchRange[];
}

/**
 * Chooses the account: the one asked for, or of those that are able the first in the order of preference; a paused one
 * only if there is no other.
 * @param providers in order of preference.
 * @throws GatewayProblem `unsupported_by_provider` with the reasons when no account can send it.
 */
export function routeMessage(
  spec: Pick<MessageSpec, 'provider'>,
  analysis: RecipientAnalysis,
  providers: readonly (RoutableProvider & { readonly paused: boolean })[],
): Route {
  const judged = new Map(providers.map((provider) => [provider.name, judgeOne(analysis, provider)]));
  const eligible = providers.filter(({ name }) => spec.provider === 'auto' || spec.provider === name);
  const able = eligible.filter(({ name }) => judged.get(name)?.candidate.able);
  const chosen = able.find(({ paused }) => !paused) ?? able[0];
  if (chosen === undefined) throw unsupported(eligible.map(({ name }) => judged.get(name)?.candidate));
  return {
    routing: {
      provider: chosen.name,
      candidates: [...judged.values()].map(({ candidate }) => candidate),
      failovers: [],
    },
    batches: judged.get(chosen.name)?.batches ?? [],
  };
}

function judgeOne(analysis: RecipientAnalysis, provider: RoutableProvider): Judged {
  const candidate = judge(analysis.profile, provider);
  try {
    return { candidate, batches: analysis.planners.get(provider.name)?.finish() ?? [] };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return { candidate: { ...candidate, able: false, reasons: [...candidate.reasons, error.message] }, batches: [] };
  }
}

function unsupported(candidates: readonly (Candidate | undefined)[]): GatewayProblem {
  const reasons = candidates.flatMap((c) => (c === undefined ? [] : [`${c.provider}: ${c.reasons.join('; ')}`]));
  return new GatewayProblem('unsupported_by_provider', `No account can send this. ${reasons.join(' | ')}`, {
    fieldErrors: candidates.flatMap((c) =>
      (c?.reasons ?? []).map((reason) => ({
        pointer: '/provider',
        code: 'not_allowed' as const,
        detail: `${c?.provider}: ${reason}`,
      })),
    ),
  });
}
