import { z } from 'zod';
import { idOf, instant, listing, pageOf } from '../openapi/common.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import type { OperationDoc } from '../openapi/operation.js';
import { exportAudit, listAudit } from './audit.schema.js';

const values = z.record(z.string(), z.unknown()).optional();

const entry = z
  .object({
    id: idOf('auditEntry'),
    at: instant,
    actor: z.object({
      keyId: idOf('apiKey').nullable().meta({ description: 'null: a process of the gateway acted by itself' }),
      client: z.string().nullable(),
      process: z.string().meta({ description: '`api` for what a caller did' }),
    }),
    action: z.string().meta({ description: '`<what>.<verb>`' }),
    target: z.string().nullable().meta({ description: 'An id, the name of an account, or a masked address' }),
    before: values.meta({ description: 'What differs, as it was; addresses are masked' }),
    after: values.meta({ description: 'What differs, as it is then; or counts' }),
    requestId: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });

const example: z.input<typeof entry> = {
  id: EXAMPLE_IDS.auditEntry,
  at: '2026-11-20T09:00:00.000Z',
  actor: { keyId: EXAMPLE_IDS.apiKey, client: 'default', process: 'api' },
  action: 'template.update',
  target: EXAMPLE_IDS.template,
  before: { version: 2 },
  after: { version: 3 },
  requestId: '01a1fb62-27c1-7dfd-9ba8-732a7f96124d',
};

const about =
  'Every act that changes something other than mail itself, by callers and by the gateway, written in the transaction ' +
  'of the act. An administrator of one client sees the acts of its keys.';

export const listAuditLog = listing({
  id: 'listAudit',
  summary: 'List acts',
  description: `${about} Newest first. With \`Accept: application/x-ndjson\` the answer is that of \`/v1/audit/export\`.`,
  query: listAudit,
  page: pageOf('AuditPage', entry),
  holds: 'Acts, newest first',
  example,
});

export const exportAuditLog: OperationDoc = {
  id: 'exportAudit',
  summary: 'Export acts',
  description: `${about} Oldest first, one JSON object a line. Go on later with the id of the last one as \`since\`.`,
  query: exportAudit,
  answers: [
    {
      status: 200,
      description: 'Acts, oldest first',
      content: {
        mediaType: 'application/x-ndjson',
        schema: z.string().meta({ description: 'An `AuditEntry` on each line' }),
        example: `${JSON.stringify(example)}\n`,
      },
    },
  ],
};
