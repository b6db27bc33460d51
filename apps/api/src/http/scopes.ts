import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { withRules } from './route-rules.js';

/**
 * The permissions of a key; `admin` may do everything. Suppressions and accounts belong to all clients, so reading them and
 * changing them are two scopes; neither includes the other.
 */
export const scopes = [
  'messages:write',
  'messages:read',
  'templates',
  'audience',
  'suppressions',
  'suppressions:write',
  'statistics',
  'providers',
  'providers:write',
  'webhooks',
  'admin',
] as const;

export type Scope = (typeof scopes)[number];

/** Where the OpenAPI document names the scope of a call. */
export const SCOPE_EXTENSION = 'x-scope';

/**
 * The scope that a key needs for a call; a method's own wins over its class's. The OpenAPI document names it. A call
 * below /v1 without one is refused at start.
 */
export const NeedsScope = (scope: Scope): MethodDecorator & ClassDecorator =>
  applyDecorators(withRules({ scope }), ApiExtension(SCOPE_EXTENSION, scope));
