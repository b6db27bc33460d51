import { z } from 'zod';

export const FAULT_KINDS = [
  'accept_then_drop',
  'drop',
  'accept_then_500',
  'error_500',
  'throttle_429',
  'hang',
  'html',
  'half_json',
  'empty',
  'slow',
  'credentials',
  'lag',
  'quota',
  'retired',
  'clock_skew',
] as const;

export const OPERATIONS = ['send', 'list', 'status', 'detail', 'find', 'updates', 'other'] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];
export type Operation = (typeof OPERATIONS)[number];

const faultFields = {
  kind: z.enum(FAULT_KINDS),
  operation: z.enum([...OPERATIONS, '*']).default('*'),
  /** How many calls are hit; -1 until cleared. */
  times: z.int().min(-1).default(1),
  /** How many matching calls pass before the first is hit. */
  skip: z.int().min(0).default(0),
  /** Only calls about mail of this sender address. */
  sender: z.string().optional(),
  /** Process and record the call before misbehaving; `accept` is a synonym. */
  afterAccept: z.boolean().default(false),
  accept: z.boolean().default(false),
  style: z.enum(['http', 'envelope', 'service', 'gateway']).optional(),
  status: z.int().min(200).max(599).optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  retryAfterSeconds: z.int().min(0).optional(),
  delayMs: z.int().min(0).max(600_000).default(1_000),
  /** Of `lag` 5 s unless given; of other faults that act after acceptance none. */
  lagMs: z.int().min(0).optional(),
};

/** Body of POST /control/faults; see the simulator's README, "Faults". `kinds`: of the vendors. */
export const faultSchema = (kinds: readonly string[]) =>
  z.strictObject({ ...faultFields, provider: z.enum([...kinds, '*']).default('*') });

export type FaultSpec = z.infer<ReturnType<typeof faultSchema>>;

const AFTER_ACCEPT: ReadonlySet<FaultKind> = new Set(['accept_then_drop', 'accept_then_500', 'lag']);

/** A fault in force, with what is left of it. */
export interface Fault extends FaultSpec {
  readonly id: number;
  /** Calls still to hit; -1 for ever. */
  remaining: number;
  toSkip: number;
  hits: number;
}

/** True if the call is to be processed before the fault shows. */
export const actsAfterAccept = (fault: FaultSpec): boolean =>
  fault.accept || fault.afterAccept || AFTER_ACCEPT.has(fault.kind);
