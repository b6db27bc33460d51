import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AcceptedRequest } from '../state/accepted-request.js';
import type { Simulator } from '../state/simulator.js';
import type { VendorState } from '../state/vendor-state.js';

/** A vendor's look-alike, whole: what the rest of the simulator knows of it. `vendors.ts` lists them. */
export interface Vendor extends VendorState {
  /** For people, e.g. `NCP`. */
  readonly title: string;
  /** Path of an account's base URL behind the simulator's origin, e.g. `/api/v1`. */
  readonly basePath: string;
  /** Keys that its callers use, by name in camel case; the environment can replace each of them. */
  readonly keys: Readonly<Record<string, string>>;
  /** Path prefixes below which `plugin` is registered. */
  readonly prefixes: readonly string[];
  /** True: an account of the sandbox only where it is asked for by kind. */
  readonly onRequest?: boolean;
  /** Registers the vendor's calls at the instance's prefix. */
  plugin(app: FastifyInstance, simulator: Simulator): void;
  /** Is an unknown path for this vendor to answer? */
  owns(path: string): boolean;
  /** Answers a call without a route. `pathIsKnown`: another method has one. */
  answerUnknown(simulator: Simulator, request: FastifyRequest, reply: FastifyReply, pathIsKnown: boolean): FastifyReply;
  /** Ids, type, status and rendered texts of one recipient's mail, in the vendor's words, for GET /control/mails. */
  mailOf(simulator: Simulator, request: AcceptedRequest, position: number): Readonly<Record<string, unknown>>;
  /** Templates and categories as they are kept, deleted ones too, for GET /control/templates. */
  templatesOf(simulator: Simulator): unknown;
  /** Variables by which an account may use another look-alike beside this one. `keys`: those that replace the usual ones. */
  companions?(
    origin: string,
    keys: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ): Readonly<Record<string, string>>;
  /** Control endpoints of this vendor only. */
  control?(app: FastifyInstance, simulator: Simulator): void;
}
