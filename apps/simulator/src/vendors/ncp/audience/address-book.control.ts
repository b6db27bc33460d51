import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Simulator } from '../../../state/simulator.js';
import { storeOf } from '../state.js';

const querySchema = z.strictObject({ groupName: z.string().optional() });

/** GET /control/address-book: per NCP region the groups and the addresses, of one group if it is named. */
export function addressBookControl(app: FastifyInstance, simulator: Simulator): void {
  app.get('/address-book', (call) => {
    const { groupName } = querySchema.parse(call.query);
    return {
      data: storeOf(simulator)
        .addressBooks.all()
        .map(([scope, book]) => {
          const settled = book.settle(simulator.now());
          return { scope, ...settled.summary(), addresses: settled.addressesOf(groupName) };
        }),
    };
  });
}
