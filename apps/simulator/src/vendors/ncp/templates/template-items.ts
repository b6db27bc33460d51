import type { NcpSettings } from '../settings.js';
import { ROOT_SID, type CategoryNode, type TemplateNode, type TemplateTree, type TreeNode } from './template-tree.js';
import { nesDateTime } from '../types.js';

/** Category (ncp.md §2). */
export const categoryItem = ({ sid, parentSid, name }: CategoryNode) => ({ sid, parentSid, name });

/** Template (ncp.md §5). The `category` of a template at the root is unknown. */
export function templateItem(tree: TemplateTree, node: TemplateNode, settings: NcpSettings) {
  const parent = tree.category(node.parentSid);
  const atRoot = settings.rootCategory === 'object' ? { sid: ROOT_SID, parentSid: ROOT_SID, name: '' } : null;
  return {
    sid: node.sid,
    createDate: nesDateTime(node.createdAt),
    name: node.name,
    ...node.content,
    isUse: node.isUse,
    category: parent ? categoryItem(parent) : atRoot,
  };
}

/** Node of getTemplateStructure; `keep` chooses the templates, categories are always shown. */
export function structureNode(tree: TemplateTree, node: TreeNode, keep: (node: TemplateNode) => boolean): unknown {
  const inside = tree.children(node.sid).filter((child) => child.isCategory || keep(child));
  const nodes = (isCategory: boolean): unknown[] | null =>
    node.isCategory
      ? inside.filter((child) => child.isCategory === isCategory).map((child) => structureNode(tree, child, keep))
      : null;
  return {
    sid: node.sid,
    parentSid: node.parentSid,
    createDate: nesDateTime(node.createdAt),
    name: node.name,
    isCategory: node.isCategory,
    isUse: node.isCategory || node.isUse,
    subCategories: nodes(true),
    templates: nodes(false),
  };
}

/** The whole tree under `contents`, as structure and import answer it. */
export const structureBody = (tree: TemplateTree, keep: (node: TemplateNode) => boolean = () => true) => ({
  contents: tree
    .children(ROOT_SID)
    .filter((node) => node.isCategory || keep(node))
    .map((node) => structureNode(tree, node, keep)),
});
