import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isAddress } from '../../../http/address.js';
import { isObject } from '../../../http/fields.js';
import { lastOf, queryOf, type Query } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { BlockedAddress } from '../../../state/block-list.js';
import { readMoment } from '../dates.js';
import { badRequest } from '../errors.js';
import { checkQueryNames, pageOf, readPage } from '../page.js';
import { checkFields } from '../send/content.js';
import { nesDateTime } from '../types.js';
import { settingsOf } from '../state.js';

const FILTERS = ['startUtc', 'startDateTime', 'endUtc', 'endDateTime', 'emailAddress', 'isRegByManager'];

/** registerUnsubscribers, getUnsubscribersList, deleteUnsubscribers (ncp.md §7). */
export function unsubscriberRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const blocked = simulator.blockListOf('ncp');
  const route = { url: '/unsubscribers', operation: 'other' } as const;

  vendorRoute(app, context, { ...route, method: 'POST' }, (call, reply) => {
    reply.code(201);
    return change(context, call, (address) => blocked.add(address, simulator.now()));
  });

  // A DELETE with a body; the body is not part of the signature (ncp.md §6).
  vendorRoute(app, context, { ...route, method: 'DELETE' }, (call) =>
    change(context, call, (address) => blocked.remove(address)),
  );

  vendorRoute(app, context, { ...route, method: 'GET' }, (call) => {
    const query = queryOf(call);
    checkQueryNames(query, FILTERS, settingsOf(simulator));
    const page = readPage(query, ['createUtc', 'adminRegYn'], settingsOf(simulator));
    const rows = blocked.all().filter(testOf(query));
    rows.sort((a, b) => a.since - b.since);
    return pageOf(page.sort[0]?.ascending === false ? rows.reverse() : rows, page, toItem);
  });
}

const toItem = (entry: BlockedAddress) => ({
  address: entry.address,
  blockDate: nesDateTime(entry.since),
  isRegByManager: entry.byManager,
});

/** Counts what was done, asked for and left out: malformed, already there or not there. */
function change({ simulator }: VendorContext, call: FastifyRequest, apply: (address: string) => boolean) {
  if (!isObject(call.body)) throw badRequest('the body is not an object');
  checkFields(call.body, { blockedReceivers: 'array' }, settingsOf(simulator), '');
  const addresses: readonly unknown[] = Array.isArray(call.body['blockedReceivers'])
    ? call.body['blockedReceivers']
    : [];
  if (addresses.length === 0) throw badRequest('blockedReceivers is required');
  const count = addresses.filter((a) => typeof a === 'string' && isAddress(a) && apply(a)).length;
  return { count, requestCount: addresses.length, ignoreCount: addresses.length - count };
}

function testOf(query: Query): (entry: BlockedAddress) => boolean {
  const [from, to] = [readMoment(query, 'start'), readMoment(query, 'end')];
  const address = lastOf(query, 'emailAddress')?.toLowerCase();
  const byManager = lastOf(query, 'isRegByManager');
  if (byManager !== undefined && !/^(true|false)$/.test(byManager)) throw badRequest('isRegByManager must be boolean');
  return (entry) =>
    (from === undefined || entry.since >= from) &&
    (to === undefined || entry.since <= to) &&
    (address === undefined || entry.address.toLowerCase() === address) &&
    (byManager === undefined || entry.byManager === (byManager === 'true'));
}
