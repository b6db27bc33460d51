import {
  ProviderRefusedError,
  type ListedTemplate,
  type OutboundTemplate,
  type ProviderCategory,
  type ProviderTemplate,
  type ProviderTemplates,
  type StandingTemplate,
} from '@gateway/core';
import { fingerprintOf } from '../../../shared/templates/fingerprint.js';
import { lossesOf } from '../../../shared/templates/losses.js';
import { writeNeutral } from '../../../shared/templates/neutral-text.js';
import { writeStored } from '../../../shared/templates/stored-text.js';
import type { V1Api } from '../api.js';
import { manage } from '../manage.js';
import { createV1Archives } from './archives.js';
import { v1Stored, readV1Text } from './text.js';
import {
  categorySchema,
  ROOT_SID,
  structureSchema,
  templateSchema,
  type V1Template,
  type StructureNode,
} from './wire.js';

/** 2026-11, §5: names have no spaces by the text of the page, though an example has one. */
const nameOf = (name: string): string => name.replaceAll(' ', '_');

/** NCP's own templates and categories (ncp.md §5). */
export function createV1Templates(api: V1Api): ProviderTemplates {
  const structure = async (signal: AbortSignal): Promise<readonly StructureNode[]> =>
    (await manage(api, { method: 'GET', path: '/template' }, structureSchema, signal)).contents;
  return {
    obstaclesTo: ({ content }) => writeStored(content, v1Stored).obstacles,
    lossesOf: (template) => [
      ...lossesOf(template, { files: false, senderName: true }),
      ...(nameOf(template.name) === template.name ? [] : [`its name is ${nameOf(template.name)} there`]),
    ],
    create: async (template, signal) => {
      const body = { categorySid: Number(template.categoryId ?? ROOT_SID), ...bodyOf(template) };
      return standing(await manage(api, { method: 'POST', path: '/template', body }, templateSchema, signal));
    },
    update: (id, template, before, signal) => update(api, { id, template, before }, signal),
    remove: (id, signal) => removed(manage(api, { method: 'DELETE', path: pathOf(id) }, templateSchema, signal)),
    restore: async (id, signal) =>
      void (await manage(api, { method: 'PUT', path: `${pathOf(id)}/restoration` }, templateSchema, signal)),
    find: async (template, signal) => {
      const { templates } = flatten(await structure(signal));
      return templates.find((t) => t.name === nameOf(template.name) && t.categoryId === template.categoryId)?.id;
    },
    createCategory: async ({ name, parentId = ROOT_SID }, signal) => {
      const body = { categoryName: nameOf(name), parentSid: Number(parentId) };
      return (await manage(api, { method: 'POST', path: '/category', body }, categorySchema, signal)).sid;
    },
    renameCategory: async ({ id, name }, signal) => {
      const call = { method: 'PUT', path: `/category/${encodeURIComponent(id)}/name-location` } as const;
      await manage(api, { ...call, body: { categoryName: nameOf(name) } }, categorySchema, signal);
    },
    removeCategory: (id, signal) =>
      removed(manage(api, { method: 'DELETE', path: `/category/${encodeURIComponent(id)}` }, categorySchema, signal)),
    hasCategory: async (id, signal) => flatten(await structure(signal)).categories.some((each) => each.id === id),
    categoryName: nameOf,
    list: async (signal) => flatten(await structure(signal)),
    get: async (id, signal) => {
      const found = await orGone(manage(api, { method: 'GET', path: pathOf(id) }, templateSchema, signal));
      return found && translated(found);
    },
    archives: createV1Archives(api),
  };
}

const pathOf = (id: string): string => `/template/${encodeURIComponent(id)}`;

function bodyOf(template: OutboundTemplate): object {
  const { subject, body } = writeStored(template.content, v1Stored);
  return {
    templateName: nameOf(template.name),
    // An empty text is sent for none: what becomes of a member that is left out is not documented (2026-11, §5).
    description: template.description ?? '',
    title: subject,
    body,
    senderAddress: template.from.address,
    senderName: template.from.name ?? '',
    isUse: template.enabled,
  };
}

/** updateTemplate cannot move: that is a call of its own. */
async function update(
  api: V1Api,
  change: {
    readonly id: string;
    readonly template: OutboundTemplate;
    readonly before: { readonly categoryId?: string };
  },
  signal: AbortSignal,
): Promise<StandingTemplate> {
  const { id, template, before } = change;
  const call = { method: 'PUT', path: pathOf(id), body: bodyOf(template) } as const;
  const changed = await manage(api, call, templateSchema, signal);
  if (template.categoryId !== before.categoryId) {
    const body = { templateName: nameOf(template.name), parentSid: Number(template.categoryId ?? ROOT_SID) };
    await manage(api, { method: 'PUT', path: `${pathOf(id)}/name-location`, body }, templateSchema, signal);
  }
  return standing(changed);
}

async function orGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderRefusedError && error.notFound) return undefined;
    throw error;
  }
}

const removed = async (answer: Promise<unknown>): Promise<void> => void (await orGone(answer));

const standing = (template: V1Template): StandingTemplate => ({
  id: template.sid,
  fingerprint: fingerprintOf([template.title, template.body, template.senderAddress, template.senderName || null]),
});

function translated(template: V1Template): ProviderTemplate {
  const subject = writeNeutral(readV1Text(template.title, 'subject'), 'subject');
  const html = writeNeutral(readV1Text(template.body, 'html'), 'html');
  const { category, senderName } = template;
  return {
    ...standing(template),
    name: template.name,
    description: template.description || null,
    enabled: template.isUse,
    ...(category && category.sid !== ROOT_SID && { categoryId: category.sid }),
    from: { address: template.senderAddress, ...(senderName && { name: senderName }) },
    subject: subject.text,
    html: html.text,
    faults: [...subject.faults, ...html.faults],
  };
}

/** The tree as lists, parents before their children. */
function flatten(nodes: readonly StructureNode[]): {
  readonly categories: readonly ProviderCategory[];
  readonly templates: readonly ListedTemplate[];
} {
  const categories: ProviderCategory[] = [];
  const templates: ListedTemplate[] = [];
  const walk = (inside: readonly StructureNode[], parentId?: string): void => {
    for (const { sid: id, name, isCategory, children } of inside) {
      if (!isCategory) templates.push({ id, name, ...(parentId !== undefined && { categoryId: parentId }) });
      else {
        categories.push({ id, name, description: null, ...(parentId !== undefined && { parentId }) });
        walk(children, id);
      }
    }
  };
  walk(nodes);
  return { categories, templates };
}
