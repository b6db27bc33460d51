import type { NcpSettings } from '../settings.js';
import { ROOT_SID, type CategoryNode, type TemplateNode, type TemplateTree } from './template-tree.js';
import { badRequest, notFound } from '../errors.js';

/** Where something is to stand: at the root or in a category that exists; throws 77103. */
export function checkParent(tree: TemplateTree, value: unknown, field: string): number {
  const sid = value === undefined || value === null ? ROOT_SID : Number(value);
  if (sid !== ROOT_SID && !tree.category(sid)) throw notFound(`${field} ${sid} does not exist`);
  return sid;
}

export function templateBySid(tree: TemplateTree, sid: number): TemplateNode {
  const node = tree.template(sid);
  if (!node) throw notFound(`template ${sid} does not exist`);
  return node;
}

export function categoryBySid(tree: TemplateTree, sid: number): CategoryNode {
  const node = tree.category(sid);
  if (!node) throw notFound(`category ${sid} does not exist`);
  return node;
}

/** A node to be placed under a parent, with its name. */
interface Placing {
  readonly sid?: number;
  readonly parentSid: number;
  readonly name: string;
  readonly isCategory: boolean;
}

/** Names are presumably unique among the templates, and the categories, of one category (ncp.md §5). */
export function checkUnique(tree: TemplateTree, placing: Placing, settings: NcpSettings): void {
  if (settings.duplicateNames === 'allow') return;
  const taken = tree.children(placing.parentSid).some(
    (node) =>
      node.sid !== placing.sid &&
      node.name === placing.name &&
      node.isCategory === placing.isCategory &&
      // A deleted template can be restored, so it holds its name.
      (node.isCategory || node.isUse || settings.duplicateNames === 'refuse'),
  );
  if (taken) throw badRequest(`name ${placing.name} is taken`);
}
