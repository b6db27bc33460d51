import { Inject, Injectable } from '@nestjs/common';
import type { Accepted, EmailProvider, OutboundBatch } from '@gateway/core';
import { ContentLockedError, type LookedUpBatch, type OpenAttemptRow } from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import { AccountGate } from '../../accounts/account-gate.js';
import { AccountHealth, type Outcome, wordsOf } from '../../accounts/account-health.js';
import { AttachmentCopies } from '../../attachments/attachment-copies.js';
import { ListTargets } from '../../audience/lists/list-targets.js';
import { outboundBatch } from '../../shared/outbound-batch.js';
import { OutboundReader } from '../../shared/outbound-reader.js';
import { postBatch } from '../../shared/post-batch.js';
import { RecipientBudget } from '../../shared/recipient-budget.js';
import { backoffMs, type Timing } from '../../shared/timing.js';

/** The result of a repeat. */
export type Repeated =
  /** The provider has the request, from whichever post. */
  | { readonly settled: 'taken'; readonly accepted: Accepted }
  /** It refuses the content, so it has taken none of the posts. */
  | { readonly settled: 'refused' }
  /** Nothing yet; the same may be tried again. `asked`: it was posted. */
  | { readonly settled: 'later'; readonly detail: string; readonly delayMs: number; readonly asked: boolean }
  /** The same request cannot be made any more. */
  | { readonly settled: 'never'; readonly detail: string };

/**
 * Settles the doubt about a request by posting it once more, exactly as it was (law 15): the same marker, which is the
 * provider's idempotency key, the same recipients and content. The provider answers as it would have the first time.
 * The attempt stays open meanwhile, so a worker that is lost here leaves the same doubt behind.
 */
@Injectable()
export class RequestRepeater {
  constructor(
    private readonly outbound: OutboundReader,
    private readonly attachments: AttachmentCopies,
    private readonly lists: ListTargets,
    private readonly gate: AccountGate,
    private readonly health: AccountHealth,
    private readonly budget: RecipientBudget,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async repeat(provider: EmailProvider, batch: LookedUpBatch, attempts: readonly OpenAttemptRow[]): Promise<Repeated> {
    const [attempt, another] = attempts;
    if (attempt === undefined || another !== undefined) return never('it has not exactly one open attempt');
    if (!this.isKeyAlive(provider, batch, attempt)) return never('its idempotency key is too old to be repeated');
    const { held } = await this.gate.admit(provider.name, [batch]);
    if (held[0] !== undefined) {
      const { detail, delayMs = backoffMs(batch.lookupCount + 1, this.timing) } = held[0].obstacle;
      return { settled: 'later', detail, delayMs, asked: false };
    }
    return this.budget.run(batch.followerCount, () => this.post(provider, batch, attempt));
  }

  /** The repeat has to arrive before the key is forgotten: it would be a second mail after that. */
  private isKeyAlive({ capabilities }: EmailProvider, batch: LookedUpBatch, { startedAt }: OpenAttemptRow): boolean {
    const ageMs = batch.claimedAt.getTime() - startedAt.getTime();
    return ageMs + this.timing.providerTimeoutMs < (capabilities.idempotencyKeyMs ?? 0);
  }

  private async post(provider: EmailProvider, batch: LookedUpBatch, attempt: OpenAttemptRow): Promise<Repeated> {
    const request = await this.sameRequest(provider, batch, attempt).catch((error: unknown) => {
      if (error instanceof ContentLockedError) return this.notReady(batch, error.message);
      throw error;
    });
    if ('settled' in request) return request;
    const outcome = await postBatch(provider, request, { timeoutMs: this.timing.providerTimeoutMs, log: this.log });
    await this.health.note(provider.name, outcome);
    return this.judge(batch, outcome);
  }

  private judge(batch: LookedUpBatch, outcome: Outcome): Repeated {
    if (outcome.outcome === 'accepted') return { settled: 'taken', accepted: outcome };
    const detail = wordsOf(outcome.provider) || (outcome.outcome === 'unconfirmed' ? outcome.detail : outcome.reason);
    const delayMs = backoffMs(batch.lookupCount + 1, this.timing);
    const later = { settled: 'later', detail, delayMs, asked: true } as const;
    if (outcome.outcome === 'unconfirmed') return later;
    // Credentials and limits are checked before the key: a refusal for them says nothing about the first post.
    const ofContent = outcome.scope === 'batch' || outcome.scope === 'message';
    if (ofContent && outcome.files === undefined) return { settled: 'refused' };
    return { ...later, delayMs: Math.max(delayMs, outcome.retryAfterMs ?? 0) };
  }

  private async sameRequest(
    provider: EmailProvider,
    batch: LookedUpBatch,
    { marker, recipients: count }: OpenAttemptRow,
  ): Promise<OutboundBatch | Repeated> {
    const content = await this.outbound.findContent(batch.messageId);
    if (content === undefined) return never('its message is gone');
    const recipients = batch.ofList ? [] : await this.outbound.findFollowers(batch);
    if (recipients.length !== count) return never('its recipients are not those of the request any more');
    const target = await this.lists.of(content);
    if ('refused' in target) return this.notReady(batch, target.refused.reason);
    const files = await this.attachments.ensure(provider, content.attachmentIds);
    if ('refused' in files) return this.notReady(batch, files.refused.reason);
    return { ...outboundBatch(batch, marker, content, recipients), ...target, attachments: files.files };
  }

  private notReady(batch: LookedUpBatch, reason: string): Repeated {
    const detail = `the same request cannot be made at the moment: ${reason}`;
    return { settled: 'later', detail, delayMs: backoffMs(batch.lookupCount + 1, this.timing), asked: false };
  }
}

const never = (detail: string): Repeated => ({ settled: 'never', detail });
