import type { FastifyInstance } from 'fastify';
import type { Simulator } from '../state/simulator.js';
import type { Vendor } from '../vendors/vendor.js';

/** GET /control/templates: categories and templates of each vendor as they are kept, deleted ones too. */
export function templateRoutes(app: FastifyInstance, simulator: Simulator, vendors: readonly Vendor[]): void {
  app.get('/templates', () =>
    Object.fromEntries(vendors.map((vendor) => [vendor.kind, vendor.templatesOf(simulator)])),
  );
}
