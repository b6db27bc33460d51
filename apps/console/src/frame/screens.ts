import type { Scope } from '../gateway/session';

/** The screens of the menu, in the order of their worth. A new screen is a line here, a route and its words. */
export const screens = [
  { name: 'now', path: '/now', scope: 'providers' },
  { name: 'messages', path: '/messages', scope: 'messages:read' },
  { name: 'tail', path: '/tail', scope: 'messages:read' },
  { name: 'webhooks', path: '/webhooks', scope: 'webhooks' },
  { name: 'statistics', path: '/statistics', scope: 'statistics' },
  { name: 'suppressions', path: '/suppressions', scope: 'suppressions' },
  { name: 'templates', path: '/templates', scope: 'templates' },
  { name: 'audience', path: '/audience', scope: 'audience' },
  { name: 'accounts', path: '/accounts', scope: 'providers' },
  { name: 'routes', path: '/routes', scope: 'admin' },
  { name: 'apiKeys', path: '/keys', scope: 'admin' },
  { name: 'erasures', path: '/erasures', scope: 'admin' },
  { name: 'audit', path: '/audit', scope: 'admin' },
] as const satisfies readonly { readonly name: string; readonly path: string; readonly scope: Scope }[];
