import type { Readable } from 'node:stream';
import { GatewayProblem } from '@gateway/core';
import type { FastifyRequest } from 'fastify';
import { onceGone } from './client-gone.js';

const visits = new WeakMap<FastifyRequest, Visit>();

/**
 * The resources of one request, until it ends: by its answer, or the end of its connection while nothing is
 * worked on yet. Work that has begun goes on without its caller, and so does what it holds.
 */
export class Visit {
  /** Aborts when the caller hangs up. */
  readonly gone = new AbortController();
  /** The body as its parser reads it. */
  body: Readable | undefined;
  private turn: (() => void) | undefined;
  private readonly held = new Set<() => void>();
  private isWorking = false;
  private hasEnded = false;
  private unwatch: () => void = () => undefined;

  private constructor(
    request: FastifyRequest,
    readonly client: string,
  ) {
    this.unwatch = onceGone(request.raw.socket, () => {
      this.gone.abort();
      if (!this.isWorking) this.end();
    });
  }

  static begin(request: FastifyRequest, client: string): Visit {
    const visit = new Visit(request, client);
    visits.set(request, visit);
    return visit;
  }

  static of(request: FastifyRequest): Visit | undefined {
    return visits.get(request);
  }

  /** Gives back at the end, at once if that has passed. @returns what gives it back earlier. */
  hold(giveBack: () => void): () => void {
    const once = (): void => {
      if (this.held.delete(once)) giveBack();
    };
    this.held.add(once);
    if (this.hasEnded) once();
    return once;
  }

  get hasTurn(): boolean {
    return this.turn !== undefined;
  }

  async takeTurn(turn: Promise<() => void>): Promise<void> {
    this.turn = this.hold(await turn);
  }

  /** Ends its turn early, for a handler that waits without working. */
  endTurn(): void {
    this.turn?.();
  }

  /** @throws GatewayProblem when the caller has hung up: nothing more is done for it. */
  expectCaller(): void {
    if (this.gone.signal.aborted) throw callerGone();
  }

  /** From now on only the answer ends it. */
  work(): void {
    this.isWorking = true;
  }

  end(): void {
    this.hasEnded = true;
    this.unwatch();
    for (const giveBack of [...this.held]) giveBack();
  }
}

/** Ends a request whose caller has disconnected; no one reads the answer. */
export const callerGone = (): GatewayProblem =>
  new GatewayProblem('malformed_json', 'The connection was closed before the request was complete.');
