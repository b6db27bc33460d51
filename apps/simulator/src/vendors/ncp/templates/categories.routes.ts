import type { FastifyInstance, FastifyRequest } from 'fastify';
import { stringOf } from '../../../http/fields.js';
import { vendorRoute, type VendorContext } from '../../../http/vendor-route.js';
import type { CategoryNode, TemplateTree } from './template-tree.js';
import { badRequest } from '../errors.js';
import { checkName, readBody, readName, sidInPath } from '../read-body.js';
import { scopeOf } from '../scope.js';
import { categoryItem } from './template-items.js';
import { categoryBySid, checkParent, checkUnique } from './template-rules.js';
import { settingsOf, storeOf } from '../state.js';

/** createCategory, updateCategory, deleteCategory (ncp.md §5). */
export function categoryRoutes(app: FastifyInstance, context: VendorContext): void {
  const treeOf = (call: FastifyRequest): TemplateTree => storeOf(context.simulator).templates.of(scopeOf(call));
  const found = (call: FastifyRequest): CategoryNode => categoryBySid(treeOf(call), sidInPath(call, 'categorySid'));
  const one = { url: '/category/:categorySid', operation: 'other' } as const;

  vendorRoute(app, context, { method: 'POST', url: '/category', operation: 'other' }, (call, reply) => {
    const category = create(context, call, treeOf(call));
    reply.code(201);
    return categoryItem(category);
  });
  vendorRoute(app, context, { ...one, method: 'PUT', url: `${one.url}/name-location` }, (call) =>
    categoryItem(update(context, call, treeOf(call), found(call))),
  );
  vendorRoute(app, context, { ...one, method: 'DELETE' }, (call) => {
    const category = found(call);
    remove(context, treeOf(call), category.sid);
    return categoryItem(category);
  });
}

function create({ simulator }: VendorContext, call: FastifyRequest, tree: TemplateTree): CategoryNode {
  const settings = settingsOf(simulator);
  const body = readBody(call, { categoryName: 'string', parentSid: 'int-or-digits' }, settings);
  const name = readName(body, 'categoryName', settings);
  const parentSid = checkParent(tree, body['parentSid'], 'parentSid');
  checkUnique(tree, { parentSid, name, isCategory: true }, settings);
  const sid = simulator.serial.next();
  return tree.put({ sid, parentSid, name, createdAt: simulator.now(), isCategory: true });
}

function update(context: VendorContext, call: FastifyRequest, tree: TemplateTree, node: CategoryNode): CategoryNode {
  const settings = settingsOf(context.simulator);
  const body = readBody(call, { categoryName: 'string', parentSid: 'int', lowerSid: 'int' }, settings);
  const given = stringOf(body, 'categoryName');
  const name = given === null ? node.name : checkName(given, 'categoryName', settings);
  const parentSid = checkParent(tree, body['parentSid'] ?? node.parentSid, 'parentSid');
  if (tree.isWithin(parentSid, node.sid)) throw badRequest('a category cannot lie in itself');
  checkUnique(tree, { ...node, name, parentSid }, settings);
  const moved = tree.put({ ...node, name, parentSid });
  if (typeof body['lowerSid'] === 'number') tree.moveBefore(node.sid, body['lowerSid']);
  return moved;
}

/** Only an empty category can be deleted. Unknown: the vendor's answer otherwise, and whether deleted templates count. */
function remove({ simulator }: VendorContext, tree: TemplateTree, sid: number): void {
  const counts = settingsOf(simulator).deletedTemplatesFillCategory;
  const inside = tree.children(sid);
  if (inside.some((node) => node.isCategory || node.isUse || counts)) throw badRequest(`category ${sid} is not empty`);
  for (const node of inside) tree.remove(node.sid);
  tree.remove(sid);
}
