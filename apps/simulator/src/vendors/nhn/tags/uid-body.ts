import type { FastifyRequest } from 'fastify';
import { isAddress } from '../../../http/address.js';
import { isObject, stringOf, type FieldSpec, type JsonObject } from '../../../http/fields.js';
import type { NhnSettings } from '../settings.js';
import type { TagBook } from './tag-book.js';
import { NhnError } from '../envelope.js';
import { readBody } from '../read-body.js';
import { checkFields } from '../send/content.js';

/** One entry of a registration, checked. */
export interface NewUid {
  readonly uid: string;
  readonly tagIds: readonly string[];
  readonly contacts: readonly string[];
}

const ITEM: FieldSpec = { uid: 'string', tagIds: 'array', contacts: 'array' };
const CONTACT: FieldSpec = { contactType: 'string', contact: 'string' };
const TAGS_PER_UID = 16;

/** The entries of `uids`: the table of the document is flat, its example wraps (nhn.md §5.8). All or nothing. */
export function readUids(call: FastifyRequest, book: TagBook, settings: NhnSettings): NewUid[] {
  const flat = settings.uidsForm === 'flat';
  const body = readBody(call, flat ? ITEM : { uids: 'array' }, settings);
  const items: readonly unknown[] = flat ? [body] : Array.isArray(body['uids']) ? body['uids'] : [];
  if (items.length === 0) throw new NhnError(-7006, 'uids is required.');
  return items.map((item) => {
    if (!isObject(item)) throw new NhnError(-9997, 'Message is not readable. uids');
    checkFields(item, ITEM, settings, 'uids.');
    return readItem(item, book, settings);
  });
}

function readItem(item: JsonObject, book: TagBook, settings: NhnSettings): NewUid {
  const uid = stringOf(item, 'uid') ?? '';
  if (uid === '' || uid.includes(',')) throw new NhnError(-7004, 'uid is missing or has a comma.');
  const tagIds = listOf(item, 'tagIds').map((tagId) => {
    if (typeof tagId === 'string' && book.tags.has(tagId)) return tagId;
    throw new NhnError(-7001, `Invalid parameter. tagId: ${String(tagId)}`);
  });
  const contacts = listOf(item, 'contacts').map((contact) => readContact(contact, settings));
  if (tagIds.length + contacts.length === 0) throw new NhnError(-7001, 'tagIds or contacts is required.');
  const all = new Set([...(book.uids.get(uid)?.tagIds ?? []), ...tagIds]);
  if (all.size > TAGS_PER_UID) throw new NhnError(-7001, `More than ${TAGS_PER_UID} tags. uid: ${uid}`);
  return { uid, tagIds, contacts };
}

const listOf = (item: JsonObject, field: string): readonly unknown[] => {
  const value = item[field];
  return Array.isArray(value) ? value : [];
};

function readContact(value: unknown, settings: NhnSettings): string {
  if (!isObject(value)) throw new NhnError(-9997, 'Message is not readable. contacts');
  checkFields(value, CONTACT, settings, 'contacts.');
  if (value['contactType'] !== 'EMAIL_ADDRESS') throw new NhnError(-7001, 'contactType must be EMAIL_ADDRESS.');
  return checkContact(stringOf(value, 'contact'));
}

export function checkContact(address: string | null): string {
  if (address !== null && isAddress(address)) return address;
  throw new NhnError(-7005, `Invalid email. ${address ?? ''}`);
}
