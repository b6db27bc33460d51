import type { Category } from '../message.js';
import type { Candidate } from '../routing/routing.js';

/** `message`: every message is drawn by itself. `recipientDomain`: one domain keeps its account. `none`: no memory at all. */
export const stickyModes = ['message', 'recipientDomain', 'none'] as const;
export type Sticky = (typeof stickyModes)[number];

/** Where mail goes when no account of the route can take it: on to the next matching route, or nowhere. */
export const fallbackModes = ['next', 'none'] as const;
export type Fallback = (typeof fallbackModes)[number];

/** The implicit last route: the accounts in the order of the configuration. */
export const LAST_ROUTE = 'PROVIDER_ORDER';

/** All parts that are given must match; a list matches any of its members. */
export interface RouteMatch {
  /** Names of clients. */
  readonly clients?: readonly string[];
  readonly categories?: readonly Category[];
  /** Normalised domains of senders; `*.example.com` means the domains below `example.com`. */
  readonly fromDomains?: readonly string[];
  readonly tags?: readonly string[];
  /** Public ids of the gateway's templates. */
  readonly templates?: readonly string[];
}

export interface RouteUse {
  readonly account: string;
  /** Share of the messages, relative to the other weights of the route; 0: none at all, not even by failover. */
  readonly weight: number;
}

/** A use is halted when more than `failureRate` of its last `over` messages had a recipient fail. */
export interface HaltRule {
  readonly failureRate: number;
  readonly over: number;
}

/** A route as an operator writes it. */
export interface RouteRule {
  readonly name: string;
  readonly match: RouteMatch;
  readonly use: readonly RouteUse[];
  readonly sticky: Sticky;
  readonly fallback: Fallback;
  readonly shadow?: string;
  readonly haltIf?: HaltRule;
}

/** Why and when a guard set a weight to 0. */
export interface Halted {
  readonly at: string;
  readonly failures: number;
  readonly over: number;
}

export interface StoredUse extends RouteUse {
  /** Messages from before this time do not count for `haltIf`. */
  readonly since: string;
  readonly halted?: Halted;
}

/** A route as it is stored. */
export interface StoredRoute extends Omit<RouteRule, 'use'> {
  /** A UUID; it stays with the route over all versions. */
  readonly id: string;
  readonly use: readonly StoredUse[];
  /** Messages from before this time are not compared with the shadow. */
  readonly shadowSince?: string;
}

/** The route of a message, as it is kept with the message. */
export interface ChosenRoute {
  /** Public id; none for the implicit last route. */
  readonly id?: string;
  readonly name: string;
  readonly version: number;
  readonly sticky?: Sticky;
  /** The seed of the draw: with it and the weights the draw can be made again. */
  readonly draw?: string;
}

/** The record of the choice of an account. Older messages have less. */
export interface RouteRecord {
  readonly candidates?: readonly Candidate[];
  /** `null`: the caller named the account. */
  readonly route?: ChosenRoute | null;
}
