import type { Fault } from '../../libs/testing/src/gateway/simulator-client.js';
import type { QueueKind } from '../../libs/testing/src/gateway/test-gateway.js';
import { definitions } from '@gateway/providers';
import { derived, Random } from './random.js';

/** Faults of a provider's answer to a send. `lag` stays below the settling time: see docs/guarantees.md. */
export const FAULTS: Readonly<Record<string, { readonly kind: string; readonly [option: string]: unknown }>> = {
  none: { kind: 'slow', delayMs: 0 },
  accept_then_drop: { kind: 'accept_then_drop' },
  drop: { kind: 'drop' },
  'hang, taken': { kind: 'hang', accept: true },
  'hang, not taken': { kind: 'hang' },
  accept_then_500: { kind: 'accept_then_500' },
  error_500: { kind: 'error_500' },
  'html, taken': { kind: 'html', accept: true },
  'html, not taken': { kind: 'html' },
  'half_json, taken': { kind: 'half_json', accept: true },
  'half_json, not taken': { kind: 'half_json' },
  'empty, taken': { kind: 'empty', accept: true },
  'empty, not taken': { kind: 'empty' },
  throttle_429: { kind: 'throttle_429', style: 'http', retryAfterSeconds: 1 },
  throttled: { kind: 'throttle_429' },
  credentials: { kind: 'credentials' },
  clock_skew: { kind: 'clock_skew' },
  slow: { kind: 'slow', delayMs: 800 },
  'slow, taken': { kind: 'slow', delayMs: 800, accept: true },
  lag: { kind: 'lag', lagMs: 1000 },
  // A recipient is at fault, and requests are halved until they are alone: slowly, so that disasters strike meanwhile.
  halving: { kind: 'slow', delayMs: 150, times: -1 },
  'halving, drop': { kind: 'accept_then_drop' },
};

const isHalved = (fault: string): boolean => fault.startsWith('halving');

export const ROUTES = [...definitions.map(({ kind }) => kind), 'auto'] as const;
export type Route = (typeof ROUTES)[number];

/** Disasters that hit the gateway meanwhile. Those of Redis need the queue to be there. */
export const DISASTERS = [
  'none',
  'kill worker',
  'kill api',
  'kill api and worker',
  'kill everything',
  'kill one of two workers',
  'roll two workers',
  'restart postgres',
  'kill postgres',
  'flush redis',
  'restart redis',
  'stop redis for a while',
  'all providers refuse for a while',
] as const;
export type Disaster = (typeof DISASTERS)[number];

const ofRedis = (disaster: Disaster): boolean => disaster.includes('redis');

export interface PlannedMessage {
  readonly fault: string;
  readonly route: Route;
  readonly category: 'transactional' | 'marketing';
  readonly recipients: number;
  /** Recipients that make the provider refuse a whole request: they fail, and no others do. */
  readonly culprits: number;
  /** Requests that the fault hits, after `skip` that it spares. */
  readonly times: number;
  readonly skip: number;
  /** When it is posted, from the beginning of the case. */
  readonly atMs: number;
  /** Posted together with the others of the case that are, by `/v1/messages/batch`. */
  readonly inBatch: boolean;
}

export interface Case {
  /** Repeats this very case: `--seed … --only …`. */
  readonly number: number;
  readonly queue: QueueKind;
  /** `BREAKER_FAILURES`: the same for cases that follow each other on one queue. */
  readonly breaker: string;
  readonly disaster: Disaster;
  readonly disasterAtMs: number;
  /** How long what was ended stays away. */
  readonly awayMs: number;
  /** Reads by which requests are looked up and followed go wrong, too. */
  readonly reads: Fault | undefined;
  readonly messages: readonly PlannedMessage[];
}

/** Cases that share all cells of fault and route between them, on one queue. */
const CASES_PER_DECK = 2;

/**
 * All cases of a seed, without end. Two cases of a queue deal the whole deck of faults and routes; disasters come from a
 * shuffled deck, too, so that each comes before any comes again.
 */
export function* casesOf(seed: number, queues: readonly QueueKind[]): Generator<Case> {
  const decks = new Map(queues.map((queue) => [queue, { cells: [] as Cell[], disasters: [] as Disaster[] }]));
  for (let number = 1; ; number += 1) {
    const pair = Math.floor((number - 1) / CASES_PER_DECK);
    const queue = queues[pair % queues.length] as QueueKind;
    const breaker = new Random(derived(seed, -1 - pair)).pick(BREAKERS);
    const deck = decks.get(queue) as { cells: Cell[]; disasters: Disaster[] };
    const random = new Random(derived(seed, number));
    if (deck.cells.length === 0) deck.cells.push(...random.shuffled(CELLS));
    if (deck.disasters.length === 0) deck.disasters.push(...random.shuffled(disastersOf(queue)));
    const cells = deck.cells.splice(0, CELLS.length / CASES_PER_DECK);
    yield aCase(random, { number, queue, breaker, disaster: deck.disasters.pop() ?? 'none', cells });
  }
}

/** Never opens, or after few failures. */
const BREAKERS = ['1000000', '5', '3'];

type Cell = readonly [fault: string, route: Route];

const CELLS: readonly Cell[] = Object.keys(FAULTS).flatMap((fault) => ROUTES.map((route): Cell => [fault, route]));

const disastersOf = (queue: QueueKind): readonly Disaster[] =>
  DISASTERS.filter((disaster) => queue === 'redis' || !ofRedis(disaster));

function aCase(
  random: Random,
  of: Pick<Case, 'number' | 'queue' | 'breaker' | 'disaster'> & { readonly cells: readonly Cell[] },
): Case {
  const { cells, ...named } = of;
  return {
    ...named,
    disasterAtMs: random.between(100, 1500),
    awayMs: random.between(0, 1500),
    reads: random.chance(0.5) ? badReads(random) : undefined,
    messages: cells.map((cell) => aPlannedMessage(random, cell)),
  };
}

function badReads(random: Random): Fault {
  const kind = random.pick(['drop', 'error_500', 'html', 'half_json', 'empty', 'throttle_429']);
  const operation = random.pick(['find', 'list', 'status', 'detail']);
  return { kind, operation, times: random.between(1, 5), skip: random.between(0, 5) };
}

function recipientsFor(random: Random, fault: string): Pick<PlannedMessage, 'recipients' | 'culprits'> {
  if (isHalved(fault)) return { recipients: random.between(10, 200), culprits: random.between(1, 2) };
  // Some need several requests of one provider, some of both.
  return { recipients: random.chance(0.1) ? random.between(1001, 2500) : random.between(1, 40), culprits: 0 };
}

function aPlannedMessage(random: Random, [fault, route]: Cell): PlannedMessage {
  const planned = {
    fault,
    route,
    category: random.pick(['transactional', 'marketing'] as const),
    ...recipientsFor(random, fault),
    times: random.between(1, 2),
    skip: random.chance(0.2) ? 1 : 0,
    atMs: random.between(0, 1200),
  };
  return { ...planned, inBatch: planned.recipients <= MOST_IN_BATCH && random.chance(0.4) };
}

/** Recipients of a message that is posted together with others. */
const MOST_IN_BATCH = 200;
