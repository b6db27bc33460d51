import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Simulator } from '../state/simulator.js';
import type { Vendor } from '../vendors/vendor.js';

/** Makes the answer to paths and methods without a route, in the vendor's words. Call it before routes are registered. */
export function unknownPath(app: FastifyInstance, simulator: Simulator, vendors: readonly Vendor[]) {
  const known = new Set<string>();
  app.addHook('onRoute', ({ url }) => void known.add(url));
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [path = ''] = request.url.split('?');
    const vendor = vendors.find((each) => each.owns(path));
    if (vendor === undefined) return reply.code(404).send({ error: `no ${request.method} ${path}` });
    const pathIsKnown = [...known].some((url) => patternOf(url).test(path));
    return vendor.answerUnknown(simulator, request, reply, pathIsKnown);
  };
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.]/g, '\\.').replace(/:[A-Za-z]+/g, '[^/]+')}$`);
