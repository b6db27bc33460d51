import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptMultipartOnly } from '../../../http/multipart.js';
import { queryOf } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import { formatDateTime } from '../../../http/vendor-time.js';
import { exportCode, type ExportCode, type TemplateExport } from './template-exports.js';
import { badRequest, NcpError, notFound } from '../errors.js';
import { readParts } from '../send/files.routes.js';
import { checkQueryNames, pageOf, readPage } from '../page.js';
import { sidInPath } from '../read-body.js';
import { scopeOf } from '../scope.js';
import { readTemplateFile, writeTemplateFile } from './template-file.js';
import { structureBody } from './template-items.js';
import { NCP_OFFSET_MINUTES, nesDateTime } from '../types.js';
import { settingsOf, storeOf } from '../state.js';

const LABELS: Readonly<Record<ExportCode, string>> = { R: 'Pending', I: 'Creating', C: 'Completed', E: 'Expired' };

/** createTemplateExportRequest, getTemplateExportRequestList, exportTemplate, importTemplate (ncp.md §5). */
export function templateExchangeRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  // Answers 200, unlike all other creations.
  vendorRoute(app, context, { method: 'POST', url: '/template/export/request', operation: 'other' }, (call) => ({
    sid: request(context, call).sid,
  }));
  vendorRoute(app, context, { method: 'GET', url: '/template/export', operation: 'other' }, (call) =>
    list(context, call),
  );
  vendorRoute(app, context, { method: 'GET', url: '/template/export/:requestId', operation: 'other' }, (call, reply) =>
    download(context, call, reply),
  );
  void app.register(async (scope) => {
    acceptMultipartOnly(scope);
    vendorRoute(scope, context, { method: 'POST', url: '/template/import', operation: 'other' }, (call, reply) => {
      const body = importFile(context, call);
      reply.code(settingsOf(simulator).importStatus);
      return body;
    });
  });
}

function request({ simulator }: VendorContext, call: FastifyRequest): TemplateExport {
  const now = simulator.now();
  const { timings } = simulator.settings;
  const ncp = settingsOf(simulator);
  const completedAt = now + Math.max(timings.preparedMs, timings.outcomeMs);
  const made = {
    sid: simulator.serial.next(),
    requestedAt: now,
    json: writeTemplateFile(storeOf(simulator).templates.of(scopeOf(call))),
    creatingAt: now + timings.preparedMs,
    completedAt,
    expiresAt: completedAt + ncp.exportLifetimeMs,
  };
  storeOf(simulator).templateExports.of(scopeOf(call)).push(made);
  return made;
}

function list({ simulator }: VendorContext, call: FastifyRequest) {
  const query = queryOf(call);
  checkQueryNames(query, [], settingsOf(simulator));
  const page = readPage(query, ['createUtc', 'sid', 'statusCode'], settingsOf(simulator));
  const now = simulator.now();
  const rows = [...storeOf(simulator).templateExports.of(scopeOf(call))];
  const [order] = page.sort;
  // They are stored in the order of sid and creation.
  if (order?.property === 'statusCode') rows.sort((a, b) => exportCode(a, now).localeCompare(exportCode(b, now)));
  return pageOf(order?.ascending === false ? rows.reverse() : rows, page, (row) => item(row, now, scopeOf(call)));
}

function item(row: TemplateExport, now: number, scope: string) {
  const code = exportCode(row, now);
  const complete = code === 'C' || code === 'E';
  const elapsed = new Date(row.completedAt - row.requestedAt).toISOString().slice(11, 23);
  return {
    sid: row.sid,
    projectSid: 1,
    requestUtc: nesDateTime(row.requestedAt),
    completeUtc: complete ? nesDateTime(row.completedAt) : null,
    elapsedTime: complete ? elapsed : null,
    statusCode: { label: LABELS[code], code },
    downloadUrl: code === 'C' ? `${scope}/template/export/${row.sid}` : null,
  };
}

function download({ simulator }: VendorContext, call: FastifyRequest, reply: FastifyReply): Buffer {
  const sid = sidInPath(call, 'requestId');
  const found = storeOf(simulator)
    .templateExports.of(scopeOf(call))
    .find((row) => row.sid === sid);
  if (!found) throw notFound(`export ${sid} does not exist`);
  if (exportCode(found, simulator.now()) !== 'C') {
    const reason = `export ${sid} is not complete or has expired`;
    throw settingsOf(simulator).exportNotReadyCode === '77102' ? badRequest(reason) : notFound(reason);
  }
  const stamp = formatDateTime(found.requestedAt, NCP_OFFSET_MINUTES).replace(/\D/g, '');
  reply.header('content-type', 'application/octet-stream;charset=UTF-8');
  reply.header('content-disposition', `attachment; filename="template_${stamp}.json";`);
  reply.header('content-transfer-encoding', 'binary');
  return Buffer.from(found.json, 'utf8');
}

function importFile({ simulator }: VendorContext, call: FastifyRequest) {
  const settings = settingsOf(simulator);
  const [file] = readParts(call, 'file', settings);
  const tree = storeOf(simulator).templates.of(scopeOf(call));
  try {
    readTemplateFile(simulator, tree, file?.bytes.toString('utf8') ?? '');
  } catch (error) {
    // Whether NCP reports a partial import is unknown.
    if (!(error instanceof NcpError) || settings.partialImport === 'refuse') throw error;
  }
  return structureBody(tree);
}
