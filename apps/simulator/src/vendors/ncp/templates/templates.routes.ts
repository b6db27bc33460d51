import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lastOf, queryOf } from '../../../http/query.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { TemplateNode, TemplateTree } from './template-tree.js';
import { badRequest } from '../errors.js';
import { readBody, readName, sidInPath } from '../read-body.js';
import { scopeOf } from '../scope.js';
import { readTemplate, TEMPLATE_FIELDS } from './template-body.js';
import { structureBody, templateItem } from './template-items.js';
import { checkParent, checkUnique, templateBySid } from './template-rules.js';
import { settingsOf, storeOf } from '../state.js';

type Action = (call: FastifyRequest, tree: TemplateTree) => TemplateNode;

/** createTemplate, getTemplate, getTemplateStructure, the updates, deleteTemplate, restoreTemplate (ncp.md §5). */
export function templateRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  const answer = (action: Action) => (call: FastifyRequest) => {
    const tree = storeOf(simulator).templates.of(scopeOf(call));
    return templateItem(tree, action(call, tree), settingsOf(simulator));
  };
  const route = (method: 'GET' | 'PUT' | 'DELETE', url: string, action: Action): void =>
    vendorRoute(app, context, { method, url: `/template/:templateSid${url}`, operation: 'other' }, answer(action));
  const found: Action = (call, tree) => templateBySid(tree, sidInPath(call, 'templateSid'));
  const use =
    (isUse: boolean): Action =>
    (call, tree) =>
      tree.put({ ...found(call, tree), isUse });

  vendorRoute(app, context, { method: 'POST', url: '/template', operation: 'other' }, (call, reply) => {
    const body = answer((_, tree) => create(context, call, tree))(call);
    reply.code(201);
    return body;
  });
  vendorRoute(app, context, { method: 'GET', url: '/template', operation: 'other' }, (call) =>
    structureBody(storeOf(simulator).templates.of(scopeOf(call)), usedOnly(context, call)),
  );
  route('GET', '', found);
  route('PUT', '', (call, tree) => update(context, call, tree, found(call, tree)));
  route('DELETE', '', use(false));
  route('PUT', '/restoration', use(true));
  route('PUT', '/name-location', (call, tree) => move(context, call, tree, found(call, tree)));
}

function create({ simulator }: VendorContext, call: FastifyRequest, tree: TemplateTree): TemplateNode {
  const settings = settingsOf(simulator);
  const body = readBody(call, { ...TEMPLATE_FIELDS, categorySid: 'int-or-digits' }, settings);
  const { name, content } = readTemplate(body, settings);
  const parentSid = checkParent(tree, body['categorySid'], 'categorySid');
  checkUnique(tree, { parentSid, name, isCategory: false }, settings);
  const isUse = (body['isUse'] ?? settings.templateIsUse) === true;
  const place = { sid: simulator.serial.next(), parentSid, name, createdAt: simulator.now() };
  return tree.put({ ...place, isCategory: false, isUse, content });
}

/** A replacement; whether optional fields that are left out are emptied or kept is unknown. */
function update(context: VendorContext, call: FastifyRequest, tree: TemplateTree, node: TemplateNode): TemplateNode {
  const settings = settingsOf(context.simulator);
  const body = readBody(call, TEMPLATE_FIELDS, settings);
  const { name, content } = readTemplate(body, settings);
  checkUnique(tree, { ...node, name }, settings);
  const kept = settings.updateOmitted === 'keep' ? node.content : undefined;
  const optional = {
    description: content.description ?? kept?.description ?? null,
    senderName: content.senderName ?? kept?.senderName ?? null,
  };
  const isUse = typeof body['isUse'] === 'boolean' ? body['isUse'] : node.isUse;
  return tree.put({ ...node, name, isUse, content: { ...content, ...optional } });
}

function move(context: VendorContext, call: FastifyRequest, tree: TemplateTree, node: TemplateNode): TemplateNode {
  const settings = settingsOf(context.simulator);
  const body = readBody(call, { templateName: 'string', parentSid: 'int', lowerSid: 'int' }, settings);
  const name = readName(body, 'templateName', settings);
  const parentSid = checkParent(tree, body['parentSid'] ?? node.parentSid, 'parentSid');
  checkUnique(tree, { ...node, name, parentSid }, settings);
  const moved = tree.put({ ...node, name, parentSid });
  if (typeof body['lowerSid'] === 'number') tree.moveBefore(node.sid, body['lowerSid']);
  return moved;
}

function usedOnly({ simulator }: VendorContext, call: FastifyRequest): (node: TemplateNode) => boolean {
  const query = queryOf(call);
  const settings = settingsOf(simulator);
  for (const name of query.keys()) {
    if (name !== 'isUse' && settings.unknownFields === 'reject') throw badRequest(`query ${name} is unknown`);
  }
  const isUse = lastOf(query, 'isUse');
  if (isUse !== undefined && !/^(true|false)$/.test(isUse)) throw badRequest('isUse must be boolean');
  return (node) => isUse === undefined || node.isUse === (isUse === 'true');
}
