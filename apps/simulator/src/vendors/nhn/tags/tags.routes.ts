import type { FastifyInstance, FastifyRequest } from 'fastify';
import { stringOf } from '../../../http/fields.js';
import { queryOf } from '../../../http/query.js';
import type { VendorContext } from '../../../http/vendor-route.js';
import type { Tag } from './tag-book.js';
import type { NhnSettings } from '../settings.js';
import { writeDate } from '../dates.js';
import { NhnError, success } from '../envelope.js';
import { checkQueryNames, pageOf, readPage } from '../page.js';
import { readBody } from '../read-body.js';
import { noData, tagBookOf, tagRoute } from './tag-route.js';
import { settingsOf } from '../state.js';

const MAX_TAGS = 2_048;

/** Tags: list, create, rename, delete (nhn.md §5.7). */
export function tagRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const all = { url: '/tags', operation: 'other' } as const;
  const one = { url: '/tags/:tagId', operation: 'other' } as const;
  const found = (call: FastifyRequest): Tag => {
    const tag = tagBookOf(context, call).tags.get((call.params as { tagId: string }).tagId);
    if (!tag) throw noData();
    return tag;
  };

  tagRoute(app, context, { ...all, method: 'GET' }, (call) => {
    const settings = settingsOf(simulator);
    checkQueryNames(queryOf(call), [], settings.unknownFields);
    const rows = [...tagBookOf(context, call).tags.values()];
    return success(pageOf(rows, readPage(queryOf(call)), (tag) => tagItem(tag, settings)));
  });
  tagRoute(app, context, { ...all, method: 'POST' }, (call) => {
    const { tags } = tagBookOf(context, call);
    const tagName = nameOf(context, call);
    if (tags.size >= MAX_TAGS) throw new NhnError(-7001, `More than ${MAX_TAGS} tags.`);
    const tagId = simulator.serial.next().toString(36).padStart(8, '0');
    tags.set(tagId, { tagId, tagName, createdAt: simulator.now(), updatedAt: simulator.now() });
    return success({ data: { tagId } });
  });
  tagRoute(app, context, { ...one, method: 'PUT' }, (call) => {
    const tag = { ...found(call), tagName: nameOf(context, call), updatedAt: simulator.now() };
    tagBookOf(context, call).tags.set(tag.tagId, tag);
    return success(null);
  });
  tagRoute(app, context, { ...one, method: 'DELETE' }, (call) => {
    tagBookOf(context, call).removeTag(found(call).tagId);
    return success(null);
  });
}

function nameOf({ simulator }: VendorContext, call: FastifyRequest): string {
  const tagName = stringOf(readBody(call, { tagName: 'string' }, settingsOf(simulator)), 'tagName') ?? '';
  if (tagName.trim() === '') throw new NhnError(-7001, 'tagName is required.');
  return tagName;
}

const tagItem = ({ tagId, tagName, createdAt, updatedAt }: Tag, settings: NhnSettings) => ({
  tagId,
  tagName,
  createdDate: writeDate(createdAt, settings),
  updatedDate: writeDate(updatedAt, settings),
});
