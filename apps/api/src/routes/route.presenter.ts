import { encodeId, type StoredRoute } from '@gateway/core';
import type { RouteVersionRow } from '@gateway/database';
import { presentKeyId } from '../access/present-key-id.js';

/** Exactly what `PUT` takes, so that it can be changed and put back. */
export const presentRoutes = ({ version, routes }: Pick<RouteVersionRow, 'version' | 'routes'>) => ({
  version,
  routes: routes.map(presentRoute),
});

const presentRoute = ({ id, name, match, use, sticky, fallback, shadow, haltIf }: StoredRoute) => ({
  id: encodeId('route', id),
  name,
  match,
  use: use.map(({ account, weight }) => ({ account, weight })),
  sticky,
  fallback,
  ...(shadow !== undefined && { shadow }),
  ...(haltIf !== undefined && { haltIf }),
});

export const presentVersion = (row: RouteVersionRow) => ({
  ...presentRoutes(row),
  change: row.change,
  changedAt: row.changedAt.toISOString(),
  changedBy: presentKeyId(row.changedBy),
});
