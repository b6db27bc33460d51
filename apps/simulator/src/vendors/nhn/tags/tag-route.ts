import type { FastifyInstance, FastifyRequest } from 'fastify';
import { vendorRoute, type Handler, type RouteSpec, type VendorContext } from '../../../http/vendor-route.js';
import type { TagBook } from './tag-book.js';
import { NhnError } from '../envelope.js';
import { appKeyOf } from '../version.js';
import { settingsOf, storeOf } from '../state.js';

/** An operation on tags, UIDs or tag mails: out of support since 2026-03-24 unless the settings say `active`. */
export function tagRoute(app: FastifyInstance, context: VendorContext, spec: RouteSpec, handler: Handler): void {
  vendorRoute(app, context, spec, (call, reply) => {
    const { tags, retiredReply } = settingsOf(context.simulator);
    if (tags === 'active') return handler(call, reply);
    const { resultCode, resultMessage, httpStatus } = retiredReply;
    throw new NhnError(resultCode, resultMessage, null, httpStatus);
  });
}

export const tagBookOf = ({ simulator }: VendorContext, call: FastifyRequest): TagBook =>
  storeOf(simulator).tagBooks.of(appKeyOf(call));

export const noData = (): NhnError => new NhnError(-2006, 'Data does not exist.');
