import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isAddress } from '../../../http/address.js';
import { isObject, stringOf, type JsonObject } from '../../../http/fields.js';
import { lastOf, queryOf } from '../../../http/query.js';
import { vendorRoute, type RouteSpec, type VendorContext } from '../../../http/vendor-route.js';
import type { AddressBook, Registration } from './address-book.js';
import type { NcpSettings } from '../settings.js';
import { badRequest, notFound } from '../errors.js';
import { checkName, readBody } from '../read-body.js';
import { scopeOf } from '../scope.js';
import { checkFields } from '../send/content.js';
import { settingsOf, storeOf } from '../state.js';

type Change = (book: AddressBook, call: FastifyRequest) => void;

/** The seven operations of the address book (ncp.md §6). DELETE has a JSON body, which is not signed. */
export function addressBookRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const bookOf = (call: FastifyRequest): AddressBook =>
    storeOf(simulator).addressBooks.of(scopeOf(call)).settle(simulator.now());
  const route = (method: RouteSpec['method'], path: string, change: Change): void =>
    vendorRoute(app, context, { method, url: `/address-book${path}`, operation: 'other' }, (call) => {
      const book = bookOf(call);
      change(book, call);
      return book.summary();
    });

  route('GET', '', () => undefined);
  vendorRoute(app, context, { method: 'POST', url: '/address-book', operation: 'other' }, (call, reply) => {
    const book = bookOf(call);
    const dueAt = simulator.now() + settingsOf(simulator).addressBookDelayMs;
    book.registerAt(dueAt, readRegistrations(call, settingsOf(simulator)));
    reply.code(201);
    // The book as it was before the request, even without a delay.
    return book.summary();
  });
  vendorRoute(app, context, { method: 'DELETE', url: '/address-book', operation: 'other' }, (call) => ({
    deletedAddressCount: bookOf(call).wipe(),
  }));
  route('DELETE', '/address', (book, call) => {
    const body = readBody(call, { emailAddresses: 'array' }, settingsOf(simulator));
    book.removeAddresses(readAddresses(body, true));
  });
  route('DELETE', '/recipient-groups', (book, call) => book.removeGroup(groupInQuery(book, call, context)));
  route('DELETE', '/recipient-groups/address', (book, call) => {
    const body = readBody(call, { groupName: 'string', emailAddresses: 'array' }, settingsOf(simulator));
    book.leaveGroup(knownGroup(book, stringOf(body, 'groupName')), readAddresses(body, true));
  });
  route('DELETE', '/recipient-groups/address/empty', (book, call) =>
    book.leaveGroup(groupInQuery(book, call, context)),
  );
}

function readRegistrations(call: FastifyRequest, settings: NcpSettings): Registration[] {
  const body = readBody(call, { groups: 'array' }, settings);
  const groups: readonly unknown[] = Array.isArray(body['groups']) ? body['groups'] : [];
  if (groups.length === 0) throw badRequest('groups is required');
  const seen = new Set<string>();
  return groups.map((group, at) => {
    if (!isObject(group)) throw badRequest(`groups[${at}] must be object`);
    checkFields(group, { groupName: 'string', emailAddresses: 'array' }, settings, `groups[${at}].`);
    const given = stringOf(group, 'groupName');
    const groupName = given === null && !settings.groupNameRequired ? null : checkName(given, 'groupName', settings);
    if (groupName !== null && seen.has(groupName)) throw badRequest(`groupName ${groupName} comes twice`);
    if (groupName !== null) seen.add(groupName);
    return { groupName, addresses: readAddresses(group, false) };
  });
}

function readAddresses(body: JsonObject, required: boolean): readonly string[] {
  const list: readonly unknown[] = Array.isArray(body['emailAddresses']) ? body['emailAddresses'] : [];
  if (required && list.length === 0) throw badRequest('emailAddresses is required');
  return list.map((address, at) => {
    if (typeof address === 'string' && isAddress(address)) return address;
    throw badRequest(`emailAddresses[${at}] is not an e-mail address`);
  });
}

function groupInQuery(book: AddressBook, call: FastifyRequest, { simulator }: VendorContext): string {
  const query = queryOf(call);
  for (const name of query.keys()) {
    if (name !== 'groupName' && settingsOf(simulator).unknownFields === 'reject') {
      throw badRequest(`query ${name} is unknown`);
    }
  }
  return knownGroup(book, lastOf(query, 'groupName') ?? null);
}

function knownGroup(book: AddressBook, groupName: string | null): string {
  if (groupName === null || groupName === '') throw badRequest('groupName is required');
  if (!book.hasGroup(groupName)) throw notFound(`recipient group ${groupName} does not exist`);
  return groupName;
}
