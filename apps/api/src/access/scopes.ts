import { SetMetadata } from '@nestjs/common';

/** What a key may do (api.md). `admin` may do everything. */
export const scopes = [
  'messages:write',
  'messages:read',
  'templates',
  'audience',
  'suppressions',
  'statistics',
  'providers',
  'webhooks',
  'admin',
] as const;

export type Scope = (typeof scopes)[number];

export const SCOPE = 'scope';

/** The scope that a key needs for a call. A call below /v1 without one is refused at start. */
export const NeedsScope = (scope: Scope): MethodDecorator & ClassDecorator => SetMetadata(SCOPE, scope);
