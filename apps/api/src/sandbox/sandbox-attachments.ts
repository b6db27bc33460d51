import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AttachmentCopyRepository, AttachmentRepository, type Database } from '@gateway/database';
import { EXAMPLE_FILE } from '../attachments/attachments.openapi.js';
import { EXAMPLE_IDS, EXAMPLE_UUIDS } from '../openapi/example-ids.js';
import { renewBefore } from './sandbox-renewal.js';

/** The file that the examples of a sandbox show and send, and one that they delete. */
export async function prepareAttachments(
  app: NestFastifyApplication,
  database: Database,
  clientId: string,
): Promise<void> {
  const attachments = app.get(AttachmentRepository);
  const make = async (id: string): Promise<void> => {
    if ((await attachments.findById(clientId, id)) !== null) return;
    // One that was deleted is there until a sweep has removed it.
    await new AttachmentCopyRepository(database).remove(id);
    await store(attachments, database, { id, clientId });
  };
  const call = { clientId, method: 'DELETE', route: '/v1/attachments/:id', parameter: 'id' };
  const renew = (): Promise<void> => make(EXAMPLE_UUIDS.removableAttachment);
  renewBefore(app, { ...call, example: EXAMPLE_IDS.removableAttachment }, renew);
  await make(EXAMPLE_UUIDS.attachment);
  await renew();
}

const store = (
  attachments: AttachmentRepository,
  database: Database,
  file: { readonly id: string; readonly clientId: string },
): Promise<void> =>
  database.transaction(async (tx) => {
    const content = Buffer.from(EXAMPLE_FILE.text);
    const sha256 = createHash('sha256').update(content).digest();
    const { name, contentType } = EXAMPLE_FILE;
    const begun = await attachments.insert(tx, { ...file, name, contentType });
    await attachments.insertChunk(tx, begun, 0, content);
    await attachments.finish(tx, file.id, { size: content.length, sha256 });
  });
