import { categories, fallbackModes, stickyModes } from '@gateway/core';
import { z } from 'zod';
import { idOf, instant, keyId, listing, pageOf, pathIdOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import { json, type OperationDoc } from '../openapi/operation.js';
import { dryRunRoutes, listRouteVersions, putRoutes } from './routes.schema.js';

const route = z
  .object({
    id: idOf('route'),
    name: z.string(),
    match: z.object({
      clients: z.array(z.string()).optional(),
      categories: z.array(z.enum(categories)).optional(),
      fromDomains: z.array(z.string()).optional(),
      tags: z.array(z.string()).optional(),
      templates: z.array(idOf('template')).optional(),
    }),
    use: z.array(z.object({ account: z.string(), weight: z.number() })),
    sticky: z.enum(stickyModes),
    fallback: z.enum(fallbackModes),
    shadow: z.string().optional(),
    haltIf: z.object({ failureRate: z.number(), over: z.int() }).optional(),
  })
  .meta({ id: 'Route' });

const routes = z
  .object({ version: z.int().meta({ description: '0: no routes have been set' }), routes: z.array(route) })
  .meta({ id: 'Routes', description: 'The routes in force, in order' });

const version = routes
  .extend({
    change: z.enum(['put', 'halt']).meta({ description: '`put`: by a caller. `halt`: by the guard of a route' }),
    changedAt: instant,
    changedBy: keyId.meta({ description: 'The key that changed them; null: the guard of a route' }),
  })
  .meta({ id: 'RouteVersion' });

const dryRun = z
  .object({
    messages: z.int().meta({ description: 'Messages that were looked at' }),
    changed: z.int().meta({ description: 'Messages that would go to another account' }),
    byAccount: z.record(z.string(), z.int()).meta({ description: 'Messages by the account that would get them' }),
    examples: z
      .array(
        z.object({
          messageId: idOf('message'),
          from: z.string().meta({ description: 'The account that got it' }),
          to: z.string().nullable().meta({ description: 'null: it would be refused' }),
          route: z.string().nullable(),
          reason: z.string(),
        }),
      )
      .meta({ description: 'The newest ones that would change, at most 50' }),
  })
  .meta({ id: 'RoutesDryRun' });

const valueOf = z.union([z.string(), z.number()]).nullable();

const shadow = z
  .object({
    compared: z.int(),
    different: z.int().meta({ description: 'Messages with at least one difference' }),
    examples: z
      .array(
        z.object({
          messageId: idOf('message'),
          pointer: z.string().meta({ description: 'What differs, as a JSON pointer into the message' }),
          sent: valueOf,
          shadow: valueOf,
        }),
      )
      .meta({ description: 'The newest differences, at most 20 and at most 5 of one pointer' }),
  })
  .meta({ id: 'RouteShadow' });

export const exampleRoute = {
  id: EXAMPLE_IDS.route,
  name: 'newsletters',
  match: { categories: ['marketing'], tags: ['newsletter'] },
  use: [{ account: 'ncp', weight: 100 }],
  sticky: 'message',
  fallback: 'next',
  shadow: 'nhn',
  haltIf: { failureRate: 0.1, over: 100 },
} satisfies z.input<typeof route>;

const example: z.input<typeof routes> = { version: 7, routes: [exampleRoute] };

/** In a sandbox it works at any version. */
export const examplePut = { version: 7, routes: [exampleRoute] } satisfies z.input<typeof putRoutes>;

export const getRoutes: OperationDoc = {
  id: 'getRoutes',
  summary: 'Read the routes',
  description:
    'Which mail goes through which account: the first route that matches a message decides. Mail that no route matches ' +
    'goes by `PROVIDER_ORDER`. The answer can be changed and put back as it is.',
  answers: [{ status: 200, description: 'The routes in force', content: json(routes, example) }],
};

export const putRoutesDoc: OperationDoc = {
  id: 'putRoutes',
  summary: 'Replace the routes',
  description:
    'All of them at once. `version` is the one that was read: if another one is stored by now, nothing changes ' +
    '(`409`, `version_conflict`). At this api process the new routes count at once, at others within a second; a message ' +
    'that is accepted meanwhile names the version that decided, and stays where it is.',
  bodies: [
    {
      description: 'The routes, with the version that they replace',
      schema: putRoutes.meta({ id: 'PutRoutes' }),
      examples: () => ({ shadow: { summary: 'Compare another account before moving to it', value: examplePut } }),
    },
  ],
  answers: [{ status: 200, description: 'The routes with their new version', content: json(routes, example) }],
  problems: ['validation_failed', 'version_conflict'],
};

export const listRouteVersionsDoc = listing({
  id: 'listRouteVersions',
  summary: 'List versions of the routes',
  description: 'Every version with who made it and when, newest first.',
  query: listRouteVersions,
  page: pageOf('RouteVersionPage', version),
  holds: 'Versions, newest first',
  example: { ...example, change: 'put', changedAt: '2026-11-20T09:00:00.000Z', changedBy: EXAMPLE_IDS.apiKey },
});

export const dryRunRoutesDoc: OperationDoc = {
  id: 'dryRunRoutes',
  summary: 'Try routes on the last messages',
  description:
    'Which of the last messages would go to another account, and why. Nothing is stored. It decides by the routes and by ' +
    'what each account was able to do when the message was accepted, not by what is paused or out of order.',
  idempotent: 'checked',
  bodies: [
    {
      description: 'The routes, as in `PUT /v1/routes`, and the number of messages',
      schema: dryRunRoutes.meta({ id: 'DryRunRoutes' }),
      examples: () => ({
        move: {
          summary: 'Move a quarter of all mail',
          value: {
            routes: [
              {
                name: 'move to nhn',
                match: {},
                use: [
                  { account: 'ncp', weight: 75 },
                  { account: 'nhn', weight: 25 },
                ],
              },
            ],
            last: 100,
          },
        },
      }),
    },
  ],
  answers: [
    {
      status: 200,
      description: 'What would change',
      content: json(dryRun, {
        messages: 100,
        changed: 1,
        byAccount: { ncp: 75, nhn: 25 },
        examples: [
          {
            messageId: EXAMPLE_IDS.message,
            from: 'ncp',
            to: 'nhn',
            route: 'move to nhn',
            reason: '"move to nhn" gives nhn 25 % of its messages',
          },
        ],
      }),
    },
  ],
  problems: ['validation_failed'],
};

export const readShadow: OperationDoc = {
  id: 'readRouteShadow',
  summary: 'Read what a shadow has shown',
  description:
    'Messages of the route for which the request of the `shadow` account was built and compared, some seconds after they ' +
    'were accepted. Of very many messages some are compared. The numbers begin again when the shadow changes.',
  path: { id: pathIdOf('route', EXAMPLE_IDS.route, 'Id of the route') },
  answers: [
    {
      status: 200,
      description: 'Differences; all zero for a route without a shadow',
      content: json(shadow, {
        compared: 1200,
        different: 3,
        examples: [
          {
            messageId: EXAMPLE_IDS.message,
            pointer: '/headers',
            sent: 'accepted',
            shadow: 'it takes no custom headers',
          },
        ],
      }),
    },
  ],
};
