import { GatewayProblem, type BatchRange, type Candidate, type Obstacle } from '@gateway/core';

/** An account, judged for one message: what keeps it from sending the message, and how it would cut it. */
export interface Judged {
  readonly candidate: Candidate;
  readonly obstacles: readonly Obstacle[];
  readonly batches: readonly BatchRange[];
}

const OF_THE_MESSAGE: ReadonlySet<string> = new Set(['too_long', 'too_large']);

/** Too large for every account that the message may go to is a fault of the field. */
export function refusal(refused: readonly Judged[]): GatewayProblem {
  const allowed = refused.filter(({ candidate }) => candidate.outside !== true);
  const everywhere = (allowed[0]?.obstacles ?? []).filter(
    ({ pointer, code }, i, all) =>
      OF_THE_MESSAGE.has(code) &&
      // Once, although a field may be too large in more than one respect.
      all.findIndex((o) => o.pointer === pointer && o.code === code) === i &&
      allowed.every(({ obstacles }) => obstacles.some((o) => o.pointer === pointer && o.code === code)),
  );
  const told = everywhere.map((obstacle) => ({ ...obstacle, detail: detailOfAll(obstacle, allowed) }));
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
