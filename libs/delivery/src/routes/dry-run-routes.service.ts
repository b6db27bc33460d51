import { Injectable } from '@nestjs/common';
import { encodeId, type CompiledRoutes, type MessageSpec, type RoutePlan } from '@gateway/core';
import { RouteRepository, type LastMessageRow } from '@gateway/database';
import { Turns } from '@gateway/platform';
import { ProviderDirectory } from '../shared/provider-directory.js';
import { ChangeRoutesService, type GivenRoute } from './change-routes.service.js';
import { planMessage } from './message-route.js';
import { RoutesInForce } from './routes-in-force.js';

export interface DryRun {
  readonly messages: number;
  readonly changed: number;
  /** Messages by the account that would get them. */
  readonly byAccount: Readonly<Record<string, number>>;
  readonly examples: readonly DryRunExample[];
}

export interface DryRunExample {
  readonly messageId: string;
  readonly from: string;
  /** `null`: no account would take it, and it would be refused. */
  readonly to: string | null;
  readonly route: string | null;
  readonly reason: string;
}

const MOST_EXAMPLES = 50;

/**
 * Says which of the last messages other routes would have sent elsewhere. It decides by the routes and by what each
 * account was found able to do when the message came; whether an account was paused then, or is now, does not count.
 */
@Injectable()
export class DryRunRoutesService {
  constructor(
    private readonly routes: RouteRepository,
    private readonly change: ChangeRoutesService,
    private readonly inForce: RoutesInForce,
    private readonly providers: ProviderDirectory,
  ) {}

  /** @throws GatewayProblem `validation_failed` for routes that could not be stored either. */
  async execute(routes: readonly GivenRoute[], last: number): Promise<DryRun> {
    const compiled = await this.inForce.compile(0, await this.change.tryOut(routes));
    const messages = await this.routes.findLast(last);
    const byAccount = new Map<string, number>();
    const examples: DryRunExample[] = [];
    let changed = 0;
    const turns = new Turns();
    for (const message of messages) {
      await turns.rest();
      const { to, ...why } = this.decide(compiled, message);
      if (to !== null) byAccount.set(to, (byAccount.get(to) ?? 0) + 1);
      if (to === message.provider) continue;
      changed += 1;
      if (examples.length >= MOST_EXAMPLES) continue;
      examples.push({ messageId: encodeId('message', message.id), from: message.provider, to, ...why });
    }
    return { messages: messages.length, changed, byAccount: Object.fromEntries([...byAccount].sort()), examples };
  }

  private decide(compiled: CompiledRoutes, message: LastMessageRow): Pick<DryRunExample, 'to' | 'route' | 'reason'> {
    const plan = planMessage(compiled, specOf(message), { order: this.providers.names, draw: drawOf(message) });
    if (plan === undefined) return { to: message.provider, route: null, reason: 'the caller named the account' };
    const verdicts = new Map(message.routing.candidates?.map((candidate) => [candidate.provider, candidate]));
    const passed: string[] = [];
    for (const account of plan.accounts) {
      const verdict = verdicts.get(account);
      const reasons = verdict?.reasons.slice(verdict.outside === true ? 1 : 0) ?? [];
      if (reasons.length === 0) return { to: account, route: plan.name, reason: reasonFor(plan, account, passed) };
      passed.push(`${account} is not able: ${reasons.join('; ')}`);
    }
    const against = [...plan.against].map(([account, why]) => `${account}: ${why}`);
    return { to: null, route: plan.name, reason: ['no account would take it', ...passed, ...against].join('; ') };
  }
}

function reasonFor({ route, name, accounts }: RoutePlan, account: string, passed: readonly string[]): string {
  const uses = route?.use.filter(({ weight }) => weight > 0) ?? [];
  const use = uses.find((each) => each.account === account);
  const total = uses.reduce((sum, { weight }) => sum + weight, 0);
  const share = use === undefined ? undefined : Math.round((use.weight / total) * 1000) / 10;
  const chosen =
    share === undefined
      ? `${account} is number ${accounts.indexOf(account) + 1} of "${name}"`
      : `"${name}" gives ${account} ${share} % of its messages`;
  return [...passed, chosen].join('; ');
}

/** As it was drawn before, with the caller's key, so that only another route or weight makes a difference. */
const drawOf = ({ id, clientId, firstAddress, routing }: LastMessageRow) => ({
  id,
  clientId,
  seed: routing.route?.sticky === 'message' ? routing.route.draw : undefined,
  ...(firstAddress !== null && { firstAddress }),
});

const specOf = (row: LastMessageRow): Pick<MessageSpec, 'category' | 'from' | 'tags' | 'template' | 'provider'> => ({
  category: row.category,
  from: { address: row.fromAddress },
  tags: row.tags,
  provider: row.requestedProvider,
  ...(row.templateId !== null && { template: { kind: 'own', id: row.templateId, version: 1 } }),
});
