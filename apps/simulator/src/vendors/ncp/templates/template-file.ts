import { isObject, type JsonObject } from '../../../http/fields.js';
import { ROOT_SID, type TemplateTree } from './template-tree.js';
import type { Simulator } from '../../../state/simulator.js';
import { badRequest } from '../errors.js';
import { checkName } from '../read-body.js';
import { readTemplate } from './template-body.js';
import { checkUnique } from './template-rules.js';
import { settingsOf } from '../state.js';

/** The form of the vendor's file is unknown; this one is like the structure, with the contents of templates. */
export const writeTemplateFile = (tree: TemplateTree): string =>
  JSON.stringify({ contents: tree.children(ROOT_SID).map((node) => fileNode(tree, node.sid)) }, null, 2);

function fileNode(tree: TemplateTree, sid: number): unknown {
  const node = tree.node(sid);
  if (!node?.isCategory) return { isCategory: false, name: node?.name, isUse: node?.isUse, ...node?.content };
  const inside = tree.children(sid);
  const nodes = (isCategory: boolean): unknown[] =>
    inside.filter((child) => child.isCategory === isCategory).map((child) => fileNode(tree, child.sid));
  return { isCategory: true, name: node.name, subCategories: nodes(true), templates: nodes(false) };
}

/** Adds what a file holds, up to its first error, which is thrown: all before it stays (ncp.md §5). */
export function readTemplateFile(simulator: Simulator, tree: TemplateTree, text: string): void {
  for (const node of listOf(parse(text), 'contents')) addNode(simulator, tree, node, ROOT_SID);
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
    return { contents: value };
  } catch {
    throw badRequest('the file is not JSON');
  }
}

function listOf(object: JsonObject, field: string): readonly unknown[] {
  const value = object[field] ?? [];
  if (!Array.isArray(value)) throw badRequest(`${field} of the file must be array`);
  return value;
}

function addNode(simulator: Simulator, tree: TemplateTree, node: unknown, parentSid: number): void {
  const settings = settingsOf(simulator);
  if (!isObject(node)) throw badRequest('an entry of the file is not an object');
  const place = { sid: simulator.serial.next(), parentSid, createdAt: simulator.now() };
  if (node['isCategory'] !== true) {
    const { name, content } = readTemplate({ ...node, templateName: node['name'] }, settings);
    checkUnique(tree, { parentSid, name, isCategory: false }, settings);
    tree.put({ ...place, name, content, isCategory: false, isUse: node['isUse'] !== false });
    return;
  }
  const name = checkName(typeof node['name'] === 'string' ? node['name'] : null, 'name', settings);
  checkUnique(tree, { parentSid, name, isCategory: true }, settings);
  const { sid } = tree.put({ ...place, name, isCategory: true });
  for (const child of [...listOf(node, 'subCategories'), ...listOf(node, 'templates')]) {
    addNode(simulator, tree, child, sid);
  }
}
