import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { StoredFile } from '../state/file-store.js';
import type { Simulator } from '../state/simulator.js';
import type { ControlQueries } from './control-query.js';

const forgetFields = {
  /** NHN's integers may be numbers. */
  fileIds: z.array(z.union([z.string(), z.int().transform(String)])).optional(),
  tempRequestId: z.string().optional(),
  /** `expire`: known but too old (NHN -2027); `lose`: never heard of. NCP answers both alike. */
  how: z.enum(['expire', 'lose']).default('expire'),
};

/** GET /control/files: what is uploaded. POST /control/files/forget: makes some or all of it unusable. */
export function fileRoutes(app: FastifyInstance, simulator: Simulator, { provider }: ControlQueries): void {
  const listSchema = z.strictObject({ provider: provider.optional() });
  const forgetSchema = listSchema.extend(forgetFields);
  app.get('/files', (call) => {
    const wanted = listSchema.parse(call.query).provider;
    const files = simulator.files.all().filter((file) => wanted === undefined || file.provider === wanted);
    return { data: files.map((file) => toItem(file, simulator.now())) };
  });

  app.post('/files/forget', (call) => {
    const { how, tempRequestId, ...filter } = forgetSchema.parse(call.body ?? {});
    return { forgotten: simulator.files.forget({ ...filter, uploadId: tempRequestId }, how, simulator.now()) };
  });
}

const toItem = (file: StoredFile, now: number) => ({
  provider: file.provider,
  scope: file.scope,
  fileId: file.fileId,
  tempRequestId: file.uploadId,
  kind: file.kind,
  fileName: file.fileName,
  fileSize: file.fileSize,
  sha256: file.sha256,
  uploadedAt: new Date(file.uploadedAt).toISOString(),
  expired: file.expiresAt <= now,
});

/** The files of a mail, as the record of requests and mails shows them. */
export const attachedItem = ({ fileId, fileName, fileSize, sha256 }: StoredFile) => ({
  fileId,
  fileName,
  fileSize,
  sha256,
});
