import type { FastifyRequest } from 'fastify';
import { isObject } from '../../../http/fields.js';
import type { Simulator } from '../../../state/simulator.js';
import { badRequest, notFound } from '../errors.js';
import { scopeOf } from '../scope.js';
import { checkFields } from './content.js';
import { GROUP_FILTER_FIELDS, LIMITS } from './fields.js';
import { settingsOf, storeOf } from '../state.js';

/**
 * The addresses that `recipientGroupFilter` stands for at this moment, undefined without a filter (ncp.md §3.1).
 * Throws 77102, and 77103 for a group that is not in the address book.
 */
export function readGroupFilter(simulator: Simulator, call: FastifyRequest, filter: unknown): string[] | undefined {
  if (!isObject(filter)) return undefined;
  checkFields(filter, GROUP_FILTER_FIELDS, settingsOf(simulator), 'recipientGroupFilter.');
  const { andFilter, groups } = filter;
  if (typeof andFilter !== 'boolean') throw badRequest('recipientGroupFilter.andFilter is required');
  if (!Array.isArray(groups) || groups.length === 0 || groups.length > LIMITS.filterGroups) {
    throw badRequest(`recipientGroupFilter.groups must hold 1 to ${LIMITS.filterGroups} names`);
  }
  const book = storeOf(simulator).addressBooks.of(scopeOf(call)).settle(simulator.now());
  const names = groups.map((name: unknown) => {
    if (typeof name !== 'string') throw badRequest('recipientGroupFilter.groups must hold strings');
    if (!book.hasGroup(name)) throw notFound(`recipient group ${name} does not exist`);
    return name;
  });
  return book.select(names, andFilter);
}
