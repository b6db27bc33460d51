import type { FastifyInstance } from 'fastify';
import type { Simulator } from '../state/simulator.js';

/** GET /control/templates: categories and templates of both vendors as they are kept, deleted ones too. */
export function templateRoutes(app: FastifyInstance, simulator: Simulator): void {
  app.get('/templates', () => ({
    nhn: simulator.nhnTemplates
      .all()
      .map(([scope, store]) => ({ scope, categories: store.categories(), templates: store.templates() })),
    ncp: simulator.templates.all().map(([scope, tree]) => ({ scope, nodes: tree.all() })),
  }));
}
