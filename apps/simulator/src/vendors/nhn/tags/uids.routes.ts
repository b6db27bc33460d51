import type { FastifyInstance, FastifyRequest } from 'fastify';
import { stringOf } from '../../../http/fields.js';
import { lastOf, queryOf } from '../../../http/query.js';
import type { VendorContext } from '../../../http/vendor-route.js';
import { addContact, type TagBook, type Uid } from './tag-book.js';
import type { NhnSettings } from '../settings.js';
import { writeDate } from '../dates.js';
import { success, type Envelope } from '../envelope.js';
import { checkQueryNames } from '../page.js';
import { readBody, wholeNumber } from '../read-body.js';
import { compileExpression } from './tag-expression.js';
import { noData, tagBookOf, tagRoute } from './tag-route.js';
import { checkContact, readUids } from './uid-body.js';
import { settingsOf } from '../state.js';

/** UIDs: list, get, register, delete, add and remove an address (nhn.md §5.8). Writes answer with `body: null`. */
export function uidRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const all = { url: '/uids', operation: 'other' } as const;
  const one = { url: '/uids/:uid', operation: 'other' } as const;
  const addresses = { url: '/uids/:uid/email-addresses', operation: 'other' } as const;

  tagRoute(app, context, { ...all, method: 'GET' }, (call) => list(context, call));
  tagRoute(app, context, { ...all, method: 'POST' }, (call) => {
    const book = tagBookOf(context, call);
    for (const { uid, tagIds, contacts } of readUids(call, book, settingsOf(simulator))) {
      const entry = book.uidFor(uid);
      // Adding appends, for tags and addresses alike.
      for (const tagId of tagIds) entry.tagIds.add(tagId);
      for (const contact of contacts) addContact(entry, contact, simulator.now());
    }
    return success(null);
  });
  tagRoute(app, context, { ...one, method: 'GET' }, (call) =>
    success({ data: uidItem(tagBookOf(context, call), found(context, call), settingsOf(simulator)) }),
  );
  tagRoute(app, context, { ...one, method: 'DELETE' }, (call) => {
    tagBookOf(context, call).uids.delete(found(context, call).uid);
    return success(null);
  });
  tagRoute(app, context, { ...addresses, method: 'POST' }, (call) => {
    const body = readBody(call, { emailAddress: 'string' }, settingsOf(simulator));
    const contact = checkContact(stringOf(body, 'emailAddress'));
    addContact(found(context, call), contact, simulator.now());
    return success(null);
  });
  tagRoute(app, context, { ...addresses, method: 'DELETE', url: `${addresses.url}/:emailAddress` }, (call) => {
    const { emailAddress } = call.params as { emailAddress: string };
    if (!found(context, call).contacts.delete(emailAddress.toLowerCase())) throw noData();
    return success(null);
  });
}

function found(context: VendorContext, call: FastifyRequest): Uid {
  const uid = tagBookOf(context, call).uids.get((call.params as { uid: string }).uid);
  if (!uid) throw noData();
  return uid;
}

/** `offsetUid` begins behind that UID; `offset` counts from there. */
function list(context: VendorContext, call: FastifyRequest): Envelope {
  const settings = settingsOf(context.simulator);
  const query = queryOf(call);
  checkQueryNames(query, ['wheres', 'offsetUid', 'offset', 'limit'], settings.unknownFields);
  const book = tagBookOf(context, call);
  const wheres = (query.get('wheres') ?? []).flatMap((text) => text.split(','));
  const rows = wheres.length === 0 ? [...book.uids.values()] : book.select(compileExpression(wheres));
  const offsetUid = lastOf(query, 'offsetUid');
  const behind = offsetUid === undefined ? 0 : rows.findIndex(({ uid }) => uid === offsetUid) + 1;
  const from = behind + (wholeNumber(lastOf(query, 'offset'), 'offset') ?? 0);
  const to = from + (wholeNumber(lastOf(query, 'limit'), 'limit') ?? 15);
  const uids = rows.slice(from, to).map((row) => uidItem(book, row, settings));
  return success({ data: { uids, isLast: to >= rows.length, totalCount: rows.length } });
}

/** Tables and samples disagree on the names of the dates; the setting decides. */
function uidItem(book: TagBook, { uid, tagIds, contacts }: Uid, settings: NhnSettings) {
  const created = settings.uidDateNames === 'createdDate' ? 'createdDate' : 'createDate';
  const updated = settings.uidDateNames === 'createdDate' ? 'updatedDate' : 'updateDate';
  const tags = [...tagIds].flatMap((tagId) => {
    const tag = book.tags.get(tagId);
    if (!tag) return [];
    const dates = { [created]: writeDate(tag.createdAt, settings), [updated]: writeDate(tag.updatedAt, settings) };
    return [{ tagId, tagName: tag.tagName, ...dates }];
  });
  const contactItems = [...contacts.values()].map(({ contact, createdAt }) => ({
    contactType: 'EMAIL_ADDRESS',
    contact,
    [created]: writeDate(createdAt, settings),
  }));
  return { uid, tags, contacts: contactItems };
}
