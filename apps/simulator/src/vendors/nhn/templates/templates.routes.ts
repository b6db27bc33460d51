import type { FastifyInstance, FastifyRequest } from 'fastify';
import { stringOf, type JsonObject } from '../../../http/fields.js';
import { lastOf, queryOf } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { StoredFile } from '../../../state/file-store.js';
import type { NhnTemplate, NhnTemplates } from './template-store.js';
import type { NhnSettings } from '../settings.js';
import { checkFilesOfMail, fileItem, readFileIds } from '../send/attachments.js';
import { writeStamp } from '../dates.js';
import { headerOnly, NhnError, success, type Envelope } from '../envelope.js';
import { checkQueryNames, pageOf, readPage } from '../page.js';
import { limited, readBody, wholeNumber, yesNoInQuery } from '../read-body.js';
import { checkComplete, checkTemplateId, readTemplate, TEMPLATE_FIELDS } from './template-body.js';
import { appKeyOf } from '../version.js';
import { settingsOf, storeOf } from '../state.js';

/** Templates: list, get, register, update, delete (nhn.md §5.6). Writes answer with a header only. */
export function templateRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const templatesOf = (call: FastifyRequest): NhnTemplates => storeOf(simulator).templates.of(appKeyOf(call));
  const foundBy = (call: FastifyRequest): NhnTemplate =>
    templateById(templatesOf(call), (call.params as { templateId: string }).templateId);
  const all = { url: '/templates', operation: 'other' } as const;
  const one = { url: '/templates/:templateId', operation: 'other' } as const;

  vendorRoute(app, context, { ...all, method: 'GET' }, (call) => list(context, call, templatesOf(call)));
  vendorRoute(app, context, { ...all, method: 'POST' }, (call) => {
    templatesOf(call).putTemplate(create(context, call, templatesOf(call)));
    return headerOnly();
  });
  vendorRoute(app, context, { ...one, method: 'GET' }, (call) =>
    success({ data: detail(templatesOf(call), foundBy(call), settingsOf(simulator)) }, 'success'),
  );
  vendorRoute(app, context, { ...one, method: 'PUT' }, (call) => {
    templatesOf(call).putTemplate(update(context, call, foundBy(call)));
    return headerOnly();
  });
  vendorRoute(app, context, { ...one, method: 'DELETE' }, (call) => {
    templatesOf(call).putTemplate({ ...foundBy(call), delYn: 'Y', updatedAt: simulator.now() });
    return headerOnly();
  });
}

/** Throws -2107 for a template that is not there or deleted. */
export function templateById(store: NhnTemplates, templateId: string): NhnTemplate {
  const template = store.template(templateId);
  if (template?.delYn === 'N') return template;
  throw new NhnError(-2107, `Not found the template. templateId: ${templateId}`);
}

function list({ simulator }: VendorContext, call: FastifyRequest, store: NhnTemplates): Envelope {
  const settings = settingsOf(simulator);
  const query = queryOf(call);
  checkQueryNames(query, ['categoryId', 'useYn', 'all'], settings.unknownFields);
  const page = readPage(query);
  const useYn = yesNoInQuery(query, 'useYn');
  const categoryId = wholeNumber(lastOf(query, 'categoryId'), 'categoryId');
  const all = lastOf(query, 'all') ?? 'false';
  if (!/^(true|false)$/.test(all)) throw new NhnError(-9993, `Request binding failed. all: ${all}`);
  const rows = store
    .templates()
    .filter((row) => row.delYn === 'N' && (useYn === undefined || row.useYn === useYn))
    .filter((row) => categoryId === undefined || row.categoryId === categoryId);
  const wanted = all === 'true' ? { pageNum: 1, pageSize: Math.max(1, rows.length) } : page;
  return success(
    pageOf(rows, wanted, (row) => item(store, row, settings)),
    'success',
  );
}

function create({ simulator }: VendorContext, call: FastifyRequest, store: NhnTemplates): NhnTemplate {
  const settings = settingsOf(simulator);
  const body = readBody(call, { ...TEMPLATE_FIELDS, categoryId: 'int', templateId: 'string' }, settings);
  const categoryId = body['categoryId'];
  if (typeof categoryId !== 'number') throw new NhnError(-2108, 'categoryId is required.');
  if (!store.category(categoryId)) throw new NhnError(-3001, `Invalid category. ${categoryId}`);
  const templateId = checkTemplateId(stringOf(body, 'templateId'));
  const holder = store.template(templateId);
  if (holder && (holder.delYn === 'N' || settings.deletedTemplateId === 'taken')) {
    throw new NhnError(-2101, `templateId already exists. ${templateId}`);
  }
  const given = readTemplate(body);
  const user = limited(body, 'userId', 50, -2035);
  const now = simulator.now();
  return {
    templateId,
    categoryId,
    ...checkComplete(given),
    templateDesc: given.templateDesc ?? null,
    useYn: given.useYn ?? 'Y',
    delYn: 'N',
    templateType: given.templateType ?? 'DEFAULT',
    files: filesOf({ simulator }, call, body),
    createUser: user,
    createdAt: now,
    updateUser: user,
    updatedAt: now,
  };
}

/** Members that are left out stay; a list of files replaces the old one. */
function update({ simulator }: VendorContext, call: FastifyRequest, old: NhnTemplate): NhnTemplate {
  const body = readBody(call, TEMPLATE_FIELDS, settingsOf(simulator));
  const given = Object.entries(readTemplate(body)).filter(([, value]) => value !== undefined);
  const files = Array.isArray(body['attachFileIdList']) ? filesOf({ simulator }, call, body) : old.files;
  const updateUser = limited(body, 'userId', 50, -2035);
  return { ...old, ...Object.fromEntries(given), files, updateUser, updatedAt: simulator.now() };
}

const filesOf = (
  { simulator }: Pick<VendorContext, 'simulator'>,
  call: FastifyRequest,
  body: JsonObject,
): readonly StoredFile[] =>
  checkFilesOfMail(readFileIds(simulator, appKeyOf(call), body['attachFileIdList'], 'TEMPLATE'), settingsOf(simulator));

const item = (store: NhnTemplates, row: NhnTemplate, settings: NhnSettings) => ({
  templateId: row.templateId,
  categoryId: row.categoryId,
  categoryName: store.category(row.categoryId)?.categoryName ?? null,
  templateName: row.templateName,
  templateDesc: row.templateDesc,
  useYn: row.useYn,
  delYn: row.delYn,
  title: row.title,
  createDate: writeStamp(row.createdAt, settings),
  updateDate: writeStamp(row.updatedAt, settings),
});

const detail = (store: NhnTemplates, row: NhnTemplate, settings: NhnSettings) => ({
  ...item(store, row, settings),
  sendMailAddress: row.sendMailAddress,
  templateType: row.templateType,
  body: row.body,
  attachFileList: row.files.map((file) => fileItem(file, settings)),
});
