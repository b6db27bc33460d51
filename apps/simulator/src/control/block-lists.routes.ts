import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Simulator } from '../state/simulator.js';
import type { ControlQueries } from './control-query.js';

/** /control/block-lists: who wants no advertisements, as if recipients or people at the console had changed it. */
export function blockListRoutes(app: FastifyInstance, simulator: Simulator, queries: ControlQueries): void {
  const listSchema = z.strictObject({ provider: queries.provider, address: z.string().optional() });
  const removeSchema = z.strictObject({ provider: queries.provider, addresses: z.array(z.string()) });
  const addSchema = removeSchema.extend({ since: z.iso.datetime().optional() });
  app.get('/block-lists', (call) => {
    const { provider, address } = listSchema.parse(call.query);
    const entries = simulator.blockListOf(provider).all();
    const wanted = entries.filter((entry) => address === undefined || entry.address.toLowerCase() === address);
    return { data: wanted.map((entry) => ({ ...entry, since: new Date(entry.since).toISOString() })) };
  });

  app.post('/block-lists', (call) => {
    const { provider, addresses, since } = addSchema.parse(call.body);
    const at = since === undefined ? simulator.now() : Date.parse(since);
    return { changed: addresses.filter((address) => simulator.blockListOf(provider).add(address, at, false)).length };
  });

  app.delete('/block-lists', (call) => {
    const { provider, addresses } = removeSchema.parse(call.body);
    return { changed: addresses.filter((address) => simulator.blockListOf(provider).remove(address)).length };
  });
}
