import { GatewayProblem } from '@gateway/core';
import { KeyPaceRepository, type KeyOwner, type PaceGrant, type PaceKind, type PaceWish } from '@gateway/database';
import { Coalescer } from '@gateway/delivery';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SharedPace } from './shared-pace.js';

/** Rates that are remembered; those of keys that are idle are forgotten when there are more. */
const MOST_RATES = 10_000;
const LIMITS = { requests: 'requestsPerSecond', recipients: 'recipientsPerSecond' } as const;
const KINDS = ['requests', 'recipients'] as const;

/** Holds keys to their rates, over all apis, and says in every answer what is left. */
@Injectable()
export class KeyPace {
  private readonly paces = new Map<string, SharedPace>();
  private readonly asked: Coalescer<PaceWish, PaceGrant>;
  private readonly replies = new WeakMap<FastifyRequest, FastifyReply>();

  constructor(repository: KeyPaceRepository) {
    this.asked = new Coalescer((wishes) => repository.take(wishes), { atOnce: 2, most: 1000 });
  }

  /** A request has come. @throws GatewayProblem `rate_limited`. */
  async enter(request: FastifyRequest, reply: FastifyReply, owner: KeyOwner): Promise<void> {
    if (KINDS.every((kind) => owner[LIMITS[kind]] === null)) return;
    this.replies.set(request, reply);
    const pace = this.paceOf(owner, 'requests');
    if (pace !== undefined && !(await pace.allows(1))) throw this.refusal(owner, 'requests', pace);
    void reply.headers(this.headersOf(owner));
  }

  /**
   * A message for so many recipients is about to be accepted. One for more than a second's rate goes when something is
   * left of it, and the seconds after it pay for it.
   * @throws GatewayProblem `rate_limited`.
   */
  async recipients(request: FastifyRequest, owner: KeyOwner, count: number): Promise<void> {
    const pace = this.paceOf(owner, 'recipients');
    if (pace === undefined || count === 0) return;
    if (!(await pace.allows(count))) throw this.refusal(owner, 'recipients', pace);
    void this.replies.get(request)?.headers(this.headersOf(owner));
  }

  /** The same for a stream, whose recipients were counted while they were read. */
  streamed(owner: KeyOwner, count: number): void {
    this.paceOf(owner, 'recipients')?.charge(count);
  }

  private paceOf(owner: KeyOwner, kind: PaceKind): SharedPace | undefined {
    const most = owner[LIMITS[kind]];
    if (most === null) return undefined;
    const { keyId } = owner;
    const name = `${keyId} ${kind}`;
    const known = this.paces.get(name);
    if (known?.most === most) return known;
    if (this.paces.size >= MOST_RATES) this.paces.clear();
    const pace = new SharedPace({ keyId, kind, most }, (wish) => this.asked.run(wish));
    this.paces.set(name, pace);
    return pace;
  }

  private refusal(owner: KeyOwner, kind: PaceKind, { most, state }: SharedPace): GatewayProblem {
    const detail = `The API key may send ${most} ${kind} per second; wait for Retry-After.`;
    const retryAfterSeconds = Math.max(1, Math.ceil(state.endsInMs / 1000));
    return new GatewayProblem('rate_limited', detail, { retryAfterSeconds, headers: this.headersOf(owner) });
  }

  /** As draft-ietf-httpapi-ratelimit-headers-10 has them. */
  private headersOf(owner: KeyOwner): Readonly<Record<string, string>> {
    const paces = KINDS.flatMap((kind) => {
      const pace = this.paceOf(owner, kind);
      return pace === undefined ? [] : [{ kind, most: pace.most, ...pace.state }];
    });
    return {
      'ratelimit-policy': paces.map(({ kind, most }) => `"${kind}";q=${most};w=1`).join(', '),
      ratelimit: paces
        .map(({ kind, remaining, endsInMs }) => `"${kind}";r=${remaining};t=${Math.ceil(endsInMs / 1000)}`)
        .join(', '),
    };
  }
}
