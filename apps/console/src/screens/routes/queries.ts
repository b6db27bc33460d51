import type { AnswerOf, BodyOf } from '@gateway/client';
import { queryOptions } from '@tanstack/react-query';
import { gateway } from '../../gateway/gateway';

export type Routes = AnswerOf<'getRoutes', 200>;
export type Route = Routes['routes'][number];
export type Draft = BodyOf<'putRoutes'>['routes'];
export type DryRun = AnswerOf<'dryRunRoutes', 200>;

export const routesQuery = queryOptions({
  queryKey: ['routes'],
  queryFn: ({ signal }) => gateway.routes.get({ signal }),
});

export const shadowQuery = (id: string) =>
  queryOptions({
    queryKey: ['routes', 'shadow', id],
    queryFn: ({ signal }) => gateway.routes.shadow(id, { signal }),
    refetchInterval: 10_000,
  });
