import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isAddress } from '../../http/address.js';
import { isObject, stringOf, type FieldSpec } from '../../http/fields.js';
import { lastOf, queryOf } from '../../http/query.js';
import { vendorRoute, type VendorContext } from '../../http/vendor-route.js';
import { readDate, writeStamp } from './dates.js';
import { NhnError, success, type Envelope } from './envelope.js';
import { checkQueryNames, readPage } from './page.js';
import { checkFields } from './send/content.js';
import { settingsOf } from './state.js';

const MAX_ENTRIES = 1_000;

/** Block list of ad mail: query, register and, by PUT with a flag, delete (nhn.md §5.10). */
export function blockReceiverRoutes(app: FastifyInstance, context: VendorContext): void {
  const blocked = context.simulator.blockListOf('nhn');
  const route = { url: '/block-receivers', operation: 'other' } as const;
  vendorRoute(app, context, { ...route, method: 'GET' }, (call) => list(context, call));

  vendorRoute(app, context, { ...route, method: 'POST' }, (call) => {
    const entries = readEntries(context, call, {}, { mailAddress: 'string', blockDate: 'string' });
    for (const { mailAddress, since } of entries) {
      if (blocked.has(mailAddress)) throw new NhnError(-2304, `Already registered. ${mailAddress}`);
      if (since > context.simulator.now()) throw new NhnError(-2302, 'blockDate is in the future.');
    }
    for (const { mailAddress, since } of entries) blocked.add(mailAddress, since);
    return success(null);
  });

  vendorRoute(app, context, { ...route, method: 'PUT' }, (call) => {
    const entries = readEntries(context, call, { deleted: 'boolean' }, { mailAddress: 'string' });
    if (isObject(call.body) && call.body['deleted'] !== true) throw new NhnError(-2302, 'deleted must be true.');
    for (const { mailAddress } of entries) blocked.remove(mailAddress);
    return success(null);
  });
}

function list({ simulator }: VendorContext, call: FastifyRequest): Envelope {
  const settings = settingsOf(simulator);
  const query = queryOf(call);
  checkQueryNames(query, ['mailAddress', 'startBlockDate', 'endBlockDate'], settings.unknownFields);
  const { pageNum, pageSize } = readPage(query);
  const address = lastOf(query, 'mailAddress')?.toLowerCase();
  const moment = (name: string, fallback: number): number => {
    const text = lastOf(query, name);
    return text === undefined ? fallback : readDate(text, name, settings);
  };
  const [from, to] = [moment('startBlockDate', 0), moment('endBlockDate', Number.MAX_SAFE_INTEGER)];
  const rows = simulator
    .blockListOf('nhn')
    .all()
    .filter((entry) => address === undefined || entry.address.toLowerCase() === address)
    .filter(({ since }) => since >= from && since <= to);
  const data = rows
    .slice((pageNum - 1) * pageSize, pageNum * pageSize)
    .map((entry) => ({ mailAddress: entry.address, blockDate: writeStamp(entry.since, settings) }));
  return success({ pageNum, pageSize, totalCount: rows.length, data });
}

/** Entries of `blockReceiverList` with the block time as epoch ms; all or nothing. */
function readEntries({ simulator }: VendorContext, call: FastifyRequest, bodyFields: FieldSpec, fields: FieldSpec) {
  const settings = settingsOf(simulator);
  if (!isObject(call.body)) throw new NhnError(-9997, 'Message is not readable.');
  checkFields(call.body, { ...bodyFields, blockReceiverList: 'array' }, settings, '');
  const value = call.body['blockReceiverList'];
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  if (entries.length === 0) throw new NhnError(-2305, 'blockReceiverList is required.');
  if (entries.length > MAX_ENTRIES) throw new NhnError(-2303, `blockReceiverList is over ${MAX_ENTRIES}.`);
  return entries.map((entry) => {
    if (!isObject(entry)) throw new NhnError(-9997, 'Message is not readable. blockReceiverList');
    checkFields(entry, fields, settings, 'blockReceiverList.');
    const mailAddress = stringOf(entry, 'mailAddress') ?? '';
    if (!isAddress(mailAddress)) throw new NhnError(-2308, `Invalid email. ${mailAddress}`);
    const date = stringOf(entry, 'blockDate');
    return { mailAddress, since: date === null ? simulator.now() : readDate(date, 'blockDate', settings) };
  });
}
