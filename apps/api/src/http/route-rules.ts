import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyRequest } from 'fastify';

/** The facts about a call that are known before its body is read. Stored with the route. */
export interface RouteRules {
  /** The scope that a key needs. */
  readonly scope?: string;
  /** With the scope `admin`: open to an administrator of one client too, who sees and changes what is that client's. */
  readonly ofClient?: true;
  /** The act that the call is, for the audit log (`Audited`). */
  readonly audit?: AuditRule;
  /** Largest JSON body, in bytes; 1 MiB unless set. */
  readonly maxJsonBytes?: number;
  /** Its answers are settings, without addresses of recipients: the console gets them as they are. */
  readonly hasNoPeople?: boolean;
  /** Takes no key but the token of an account in its path; its JSON body is handed on as bytes, because it is signed. */
  readonly inbound?: true;
  /** Media types of bodies that are read as they come. */
  readonly streamTypes?: readonly string[];
}

export interface AuditRule {
  readonly action: string;
  /** Members of the answer that the entry has. */
  readonly members?: readonly string[];
  /** It happens at a provider: there is no transaction of its own, so the entry is written when it has succeeded. */
  readonly outside?: true;
}

type Method = (...args: never) => unknown;

/**
 * Adds rules to one call, or to every call of a controller. A rule of a call beats the same rule of its controller.
 * The router hands them out with the matched route, so the spelling of a request's target cannot change them.
 */
export const withRules =
  (rules: RouteRules): MethodDecorator & ClassDecorator =>
  (target: object, _name?: string | symbol, method?: { value?: unknown }): void => {
    if (method !== undefined) return define(method.value as Method, { ...rulesOf(method.value), ...rules });
    const { prototype } = target as { prototype: object };
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === 'function' && value !== target) define(value as Method, { ...rules, ...rulesOf(value) });
    }
  };

/** For a call whose JSON body may be larger than most. */
export const TakesJson = (maxJsonBytes: number): MethodDecorator & ClassDecorator => withRules({ maxJsonBytes });

/** For a call that reads bodies of these media types as they come. */
export const TakesStream = (...streamTypes: string[]): MethodDecorator & ClassDecorator => withRules({ streamTypes });

/** The rules of the matched route; empty when no route matches. */
export const rulesFor = (request: FastifyRequest): RouteRules =>
  (request.routeOptions.config as RouteRules | undefined) ?? {};

const rulesOf = (method: unknown): RouteRules =>
  (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, method as object) as RouteRules | undefined) ?? {};

const define = (method: Method, rules: RouteRules): void =>
  Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, rules, method);
