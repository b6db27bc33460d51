import { randomBytes } from 'node:crypto';
import type { TemplateArchives } from '@gateway/core';
import type { V1Api } from '../api.js';
import { manage, manageRaw } from '../manage.js';
import { pagesOf } from '../pages.js';
import { exportPageSchema, exportRequestSchema, structureSchema, type StructureNode } from './wire.js';

/** NCP's template export and import (ncp.md §5): a JSON file whose form is not documented, so it is passed on as it is. */
export function createV1Archives(api: V1Api): TemplateArchives {
  return {
    request: async (signal) =>
      (await manage(api, { method: 'POST', path: '/template/export/request' }, exportRequestSchema, signal)).sid,
    stateOf: (id, signal) => stateOf(api, id, signal),
    read: async (id, signal) => {
      const path = `/template/export/${encodeURIComponent(id)}`;
      return (await manageRaw(api, { method: 'GET', path }, signal)).body;
    },
    put: (archive, signal) => put(api, archive, signal),
  };
}

async function stateOf(api: V1Api, id: string, signal: AbortSignal): Promise<'pending' | 'ready' | 'gone'> {
  const listing = { path: '/template/export', query: [['sort', 'sid,desc']], schema: exportPageSchema } as const;
  for await (const { content } of pagesOf(api, listing, signal)) {
    const code = content.find(({ sid }) => sid === id)?.statusCode.code;
    if (code !== undefined) return STATES[code] ?? 'pending';
  }
  return 'gone';
}

/** Completed, expired; everything else is under way (ncp.md §2). */
const STATES: Readonly<Record<string, 'ready' | 'gone'>> = { C: 'ready', E: 'gone' };

const countTemplates = (nodes: readonly StructureNode[]): number =>
  nodes.reduce((sum, node) => sum + (node.isCategory ? countTemplates(node.children) : 1), 0);

/** The answer is the whole structure afterwards; how many were added is the difference. */
async function put(api: V1Api, archive: Buffer, signal: AbortSignal): Promise<number> {
  const before = await manage(api, { method: 'GET', path: '/template' }, structureSchema, signal);
  const boundary = `gateway-${randomBytes(12).toString('hex')}`;
  const head =
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="templates.json"\r\n` +
    'content-type: application/json\r\n\r\n';
  const body = Buffer.concat([Buffer.from(head), archive, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const contentType = `multipart/form-data; boundary=${boundary}`;
  const call = { method: 'POST', path: '/template/import', body, contentType } as const;
  const after = await manage(api, call, structureSchema, signal);
  return countTemplates(after.contents) - countTemplates(before.contents);
}
