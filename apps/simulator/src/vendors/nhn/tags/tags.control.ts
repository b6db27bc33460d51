import type { FastifyInstance } from 'fastify';
import type { Simulator } from '../../../state/simulator.js';
import { storeOf } from '../state.js';

/** GET /control/tags: tags and UIDs of NHN, whatever the setting `nhn.tags` says. */
export function tagControl(app: FastifyInstance, simulator: Simulator): void {
  app.get('/tags', () => ({
    data: storeOf(simulator)
      .tagBooks.all()
      .map(([scope, book]) => ({
        scope,
        tags: [...book.tags.values()],
        uids: [...book.uids.values()].map(({ uid, tagIds, contacts }) => ({
          uid,
          tagIds: [...tagIds],
          contacts: [...contacts.values()].map(({ contact }) => contact),
        })),
      })),
  }));
}
