import { Injectable } from '@nestjs/common';
import {
  BatchPlanner,
  PlanError,
  encodeId,
  fits,
  type BatchRange,
  type EmailProvider,
  type Reason,
  type Recipient,
} from '@gateway/core';
import {
  AttemptRepository,
  type BatchRow,
  ContentLockedError,
  isShut,
  type MessageContentRow,
  ProviderAccountRepository,
  type ProviderAccountState,
  type Replan,
} from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { leavesForQuota, quotaLeft } from '../../accounts/quota/quota.js';
import { RoutesInForce } from '../../routes/routes-in-force.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';

// Approximate bytes that JSON adds to a recipient in a provider's request.
const RECIPIENT_OVERHEAD_BYTES = 64;

/** The move of a batch to another account. */
export type Failover = Replan & { readonly from: string };

/** Finds another account for a batch that no provider has: only where the caller left the choice to the gateway. */
@Injectable()
export class FailoverPlanner {
  constructor(
    private readonly outbound: OutboundReader,
    private readonly attempts: AttemptRepository,
    private readonly accounts: ProviderAccountRepository,
    private readonly routes: RoutesInForce,
    private readonly providers: ProviderDirectory,
  ) {}

  /** @returns who takes the batch over and how it is cut for them; `undefined`: it stays where it is. */
  async plan(
    batch: BatchRow,
    why: { readonly reason: Reason; readonly detail: string },
  ): Promise<Failover | undefined> {
    const content = await this.outbound.findContent(batch.messageId).catch(noneIfLocked);
    if (content === undefined || !mayLeave(batch, content, why.reason)) return undefined;
    const candidates = await this.candidates(batch, content);
    // A batch that may have been sent stays at its account: the look-up that found it absent may have been wrong.
    if (candidates.length === 0 || (await this.attempts.wasInDoubt(batch))) return undefined;
    const recipients = await this.outbound.findFollowers(batch);
    for (const provider of candidates) {
      // Recipients of an audience were judged by the account that they were found for.
      if (!recipients.every((recipient) => fits(recipient, provider.capabilities))) continue;
      const ranges = cut(batch, recipients, planner(content, provider), content.variables);
      const children = ranges.map((range) => ({ ...range, id: newUuid() }));
      if (children.length > 0) return { ...why, from: batch.provider, to: provider.name, children };
    }
    return undefined;
  }

  /**
   * Accounts that can send the message, are open and have quota left, in the order of the message's route; never one that
   * the batch has left before, that the route keeps the message from, or that the route has taken the weight from since.
   */
  private async candidates(batch: BatchRow, { routing }: MessageContentRow): Promise<readonly EmailProvider[]> {
    const left = new Set([batch.provider, ...batch.leftProviders]);
    const able = routing.candidates?.filter((each) => each.able && !left.has(each.provider)) ?? [];
    const without = able.length === 0 ? new Set<string>() : await this.weightless(routing.route?.id);
    const others = able.flatMap(({ provider }) => (without.has(provider) ? [] : (this.providers.find(provider) ?? [])));
    if (others.length === 0) return [];
    const states = await this.accounts.find(others.map(({ name }) => name));
    const fit = new Set(states.filter((state) => isFit(state)).map(({ name }) => name));
    const used = new Map(states.map((state) => [state.name, state.usedInPeriod]));
    return others.filter(
      ({ name, capabilities: { limits } }) =>
        fit.has(name) && batch.followerCount <= quotaLeft(limits, used.get(name) ?? 0),
    );
  }

  /** Accounts that a route gives nothing now, because it has halted them. */
  private async weightless(routeId: string | undefined): Promise<ReadonlySet<string>> {
    if (routeId === undefined) return new Set();
    const { routes } = await this.routes.current();
    const found = routes.find(({ route }) => encodeId('route', route.id) === routeId);
    return new Set(found?.route.use.filter(({ weight }) => weight === 0).map(({ account }) => account));
  }
}

/** Another account could not send it either. */
function noneIfLocked(error: unknown): undefined {
  if (!(error instanceof ContentLockedError)) throw error;
}

/** A list exists at one account only; and the caller may have chosen the account, or to wait for its quota. */
const mayLeave = ({ ofList }: BatchRow, content: MessageContentRow, reason: Reason): boolean =>
  !ofList && content.requestedProvider === 'auto' && (reason !== 'quota' || leavesForQuota(content.onQuota));

const isFit = (state: ProviderAccountState): boolean => !isShut(state) && (state.openForMs ?? 0) <= 0;

const planner = (content: MessageContentRow, { capabilities: { limits } }: EmailProvider): BatchPlanner =>
  new BatchPlanner({
    delivery: content.delivery,
    maxRecipients: content.delivery === 'shared' ? limits.recipientsPerSharedMail : limits.recipientsPerRequest,
    maxBytes: limits.requestBytes,
    allowSplit: content.allowSplit,
  });

/** The ranges cover all positions of the batch, including those of recipients that are final already. */
function cut(
  batch: BatchRow,
  recipients: readonly Recipient[],
  plan: BatchPlanner,
  defaults: Readonly<Record<string, string>>,
): readonly BatchRange[] {
  const repeated = bytesOf(defaults);
  for (const { type, address, name, variables } of recipients) {
    plan.add(type, RECIPIENT_OVERHEAD_BYTES + address.length + 3 * (name?.length ?? 0) + bytesOf(variables) + repeated);
  }
  let pieces: readonly BatchRange[];
  try {
    pieces = plan.finish();
  } catch (error) {
    if (error instanceof PlanError) return [];
    throw error;
  }
  const startOf = (piece: BatchRange | undefined): number | undefined => piece && recipients[piece.from]?.position;
  return pieces.map((piece, i) => ({
    from: i === 0 ? batch.positionFrom : (startOf(piece) ?? batch.positionTo),
    to: (startOf(pieces[i + 1]) ?? batch.positionTo + 1) - 1,
  }));
}

/** An upper bound, as at accept time: UTF-8 takes at most three bytes for each UTF-16 unit. */
const bytesOf = (variables: Readonly<Record<string, string>> | undefined): number =>
  Object.entries(variables ?? {}).reduce((sum, [name, value]) => sum + (name.length + value.length) * 3, 0);
