import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FieldSpec, JsonObject } from '../../../http/fields.js';
import { lastOf, queryOf } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { NhnCategory, NhnTemplates } from './template-store.js';
import type { NhnSettings } from '../settings.js';
import { writeStamp } from '../dates.js';
import { headerOnly, NhnError, success, type Envelope } from '../envelope.js';
import { checkQueryNames, pageOf, readPage } from '../page.js';
import { limited, readBody, readYesNo, wholeNumber, yesNoInQuery } from '../read-body.js';
import { appKeyOf } from '../version.js';
import { settingsOf, storeOf } from '../state.js';

const FIELDS: FieldSpec = { categoryName: 'string', categoryDesc: 'string', useYn: 'string', userId: 'string' };
const LIMITS = { name: 200, description: 1_000, user: 50 } as const;

/** Categories of templates: list, get, create, update, delete (nhn.md §5.5). */
export function categoryRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const templatesOf = (call: FastifyRequest): NhnTemplates => storeOf(simulator).templates.of(appKeyOf(call));
  const all = { url: '/categories', operation: 'other' } as const;
  const one = { url: '/categories/:categoryId', operation: 'other' } as const;

  vendorRoute(app, context, { ...all, method: 'GET' }, (call) => list(context, call, templatesOf(call)));
  vendorRoute(app, context, { ...all, method: 'POST' }, (call) => create(context, call, templatesOf(call)));
  vendorRoute(app, context, { ...one, method: 'GET' }, (call) =>
    success({ data: categoryItem(found(call, templatesOf(call)), settingsOf(simulator)) }),
  );
  vendorRoute(app, context, { ...one, method: 'PUT' }, (call) => {
    const old = found(call, templatesOf(call));
    const { userId, ...given } = readCategory(readBody(call, FIELDS, settingsOf(simulator)));
    if (given.categoryName === '') throw new NhnError(-3003, 'categoryName is required.');
    const changed = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
    templatesOf(call).putCategory({ ...old, ...changed, updateUser: userId, updatedAt: simulator.now() });
    return headerOnly();
  });
  vendorRoute(app, context, { ...one, method: 'DELETE' }, (call) => {
    remove(templatesOf(call), found(call, templatesOf(call)), settingsOf(simulator));
    return headerOnly();
  });
}

function list({ simulator }: VendorContext, call: FastifyRequest, store: NhnTemplates): Envelope {
  const settings = settingsOf(simulator);
  const query = queryOf(call);
  checkQueryNames(query, ['useYn', 'categoryParentId'], settings.unknownFields);
  const page = readPage(query);
  const useYn = yesNoInQuery(query, 'useYn');
  const parent = wholeNumber(lastOf(query, 'categoryParentId'), 'categoryParentId');
  const rows = store
    .categories()
    .filter((category) => useYn === undefined || category.useYn === useYn)
    .filter((category) => parent === undefined || category.categoryParentId === parent);
  return success(pageOf(rows, page, (row) => categoryItem(row, settings)));
}

function create({ simulator }: VendorContext, call: FastifyRequest, store: NhnTemplates): Envelope {
  const body = readBody(call, { ...FIELDS, categoryParentId: 'int' }, settingsOf(simulator));
  const { userId, categoryName, categoryDesc, useYn } = readCategory(body);
  if (categoryName === null || categoryName === '') throw new NhnError(-3003, 'categoryName is required.');
  const parentId = body['categoryParentId'] ?? store.root.categoryId;
  const parent = store.category(Number(parentId));
  if (!parent) throw new NhnError(-3001, `Invalid category. ${Number(parentId)}`);
  const now = simulator.now();
  const categoryId = simulator.serial.next();
  store.putCategory({
    categoryId,
    categoryParentId: parent.categoryId,
    depth: parent.depth + 1,
    categoryName,
    categoryDesc,
    useYn: useYn ?? 'Y',
    createUser: userId,
    createdAt: now,
    updateUser: userId,
    updatedAt: now,
  });
  return success({ data: { categoryId } });
}

const readCategory = (body: JsonObject) => ({
  categoryName: limited(body, 'categoryName', LIMITS.name, -3004),
  categoryDesc: limited(body, 'categoryDesc', LIMITS.description, -3005),
  useYn: readYesNo(body, 'useYn') ?? null,
  userId: limited(body, 'userId', LIMITS.user, -2035),
});

function found(call: FastifyRequest, store: NhnTemplates): NhnCategory {
  const { categoryId = '' } = call.params as { categoryId?: string };
  const category = store.category(wholeNumber(categoryId, 'categoryId') ?? 0);
  if (!category) throw new NhnError(-3006, `Not found the category. categoryId: ${categoryId}`);
  return category;
}

/** The fate of a removed category's content is unknown; the setting decides. */
function remove(store: NhnTemplates, category: NhnCategory, settings: NhnSettings): void {
  const { categoryId } = category;
  if (category === store.root) throw new NhnError(-3007, 'The default category cannot be deleted.');
  const children = store.categories().filter((other) => other.categoryParentId === categoryId);
  const templates = store.templates().filter((row) => row.categoryId === categoryId && row.delYn === 'N');
  if (settings.filledCategory === 'refuse' && children.length + templates.length > 0) {
    throw new NhnError(-3002, `The category is not empty. categoryId: ${categoryId}`);
  }
  for (const child of children) remove(store, child, settings);
  for (const template of templates) store.putTemplate({ ...template, delYn: 'Y' });
  store.removeCategory(categoryId);
}

const categoryItem = ({ createdAt, updatedAt, ...rest }: NhnCategory, settings: NhnSettings) => ({
  ...rest,
  createDate: writeStamp(createdAt, settings),
  updateDate: writeStamp(updatedAt, settings),
});
