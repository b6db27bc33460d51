import fc from 'fast-check';
import { play, type Played } from './connection.js';
import { faultsOf, isTurnedAway } from './judge.js';
import { conversations, type Conversation } from './plan/conversation.js';
import { kindOf, reproduction, type Report } from './report.js';
import { derived } from '../faults/random.js';
import type { World } from './world.js';

export interface RunOptions {
  readonly seed: number;
  readonly requests: number;
  readonly concurrency: number;
  /** Only this conversation. */
  readonly only: number | undefined;
  readonly print: (line: string) => void;
}

/** Maximum kinds of faults to shrink: a reader can take in no more at once. */
const MOST_SHRUNK = 12;
const SHRINK_MS = 15_000;
const TOLD_EVERY = 10_000;

/** Plays seeded conversations, many at once, and judges every answer. */
export class Run {
  private readonly world: World;
  private readonly report: Report;
  private readonly options: RunOptions;
  private readonly arbitrary: fc.Arbitrary<Conversation>;
  private readonly found: { readonly index: number; readonly what: string; readonly conversation: Conversation }[] = [];
  private readonly underWay = new Set<number>();
  private next = 0;

  constructor(world: World, report: Report, options: RunOptions) {
    this.world = world;
    this.report = report;
    this.options = options;
    this.arbitrary = conversations(world.document, world.keys);
  }

  /** Conversations that were being played when the api ended, or just before. */
  get playing(): readonly number[] {
    return [...this.underWay];
  }

  async playAll(): Promise<void> {
    const { only, concurrency } = this.options;
    if (only !== undefined) return this.playOne(only);
    await Promise.all(Array.from({ length: concurrency }, () => this.playUntilEnough()));
  }

  private async playUntilEnough(): Promise<void> {
    while (this.report.requests < this.options.requests && this.world.gateway.isRunning('api')) {
      this.next += 1;
      await this.playOne(this.next);
    }
  }

  private async playOne(index: number): Promise<void> {
    const conversation = this.conversationOf(index);
    const before = this.report.requests;
    this.report.requests += conversation.wires.length;
    this.underWay.add(index);
    const played = await play(this.world.port, conversation.wires, conversation.delivery);
    // Whatever was under way when the api ended stays noted.
    if (this.world.gateway.isRunning('api')) this.underWay.delete(index);
    for (const exchange of played.exchanges) this.note(exchange);
    for (const what of this.faultsOf(played)) {
      if (!this.report.noteFault(what)) continue;
      this.options.print(`conversation ${index}: ${what}\n${reproduction(conversation, this.world.port)}`);
      this.found.push({ index, what, conversation });
    }
    const told = Math.floor(this.report.requests / TOLD_EVERY);
    if (told > Math.floor(before / TOLD_EVERY)) this.options.print(`${told * TOLD_EVERY} requests`);
  }

  private note(exchange: Played['exchanges'][number]): void {
    this.report.note(exchange);
    if (exchange.answer !== undefined && isTurnedAway(exchange.answer)) this.report.turnedAway += 1;
  }

  private faultsOf({ exchanges, fault }: Played): readonly string[] {
    const faults = exchanges.flatMap((exchange) =>
      faultsOf(exchange, this.world.document).map((what) => `${nameOf(exchange)}: ${what}`),
    );
    const last = exchanges.at(-1);
    return fault === undefined ? faults : [...faults, `${last === undefined ? '' : `${nameOf(last)}: `}${fault}`];
  }

  private conversationOf(index: number): Conversation {
    const [conversation] = fc.sample(this.arbitrary, { seed: derived(this.options.seed, index), numRuns: 1 });
    if (conversation === undefined) throw new Error('nothing was generated');
    return conversation;
  }

  /** Looks for the smallest conversation that still fails in the same way, alone on an idle gateway. */
  async shrink(): Promise<void> {
    for (const { index, what } of this.found.slice(0, MOST_SHRUNK)) {
      if (!this.world.gateway.isRunning('api')) return;
      const property = fc.asyncProperty(this.arbitrary, async (conversation) => {
        const played = await play(this.world.port, conversation.wires, conversation.delivery);
        const same = this.faultsOf(played).some((fault) => kindOf(fault) === kindOf(what));
        if (same) throw new Error(what);
      });
      const { seed } = this.options;
      const limits = { numRuns: 1, interruptAfterTimeLimit: SHRINK_MS, markInterruptAsFailure: false };
      const details = await fc.check(property, { ...limits, seed: derived(seed, index), verbose: 0 });
      const smallest = details.counterexample?.[0];
      const told = smallest === undefined ? '    does not happen alone' : reproduction(smallest, this.world.port);
      this.options.print(`smallest of conversation ${index}: ${what}\n${told}`);
    }
  }
}

const nameOf = ({ wire }: Played['exchanges'][number]): string =>
  wire.call?.operation.operationId ?? `${wire.method.slice(0, 10)} of another path`;
