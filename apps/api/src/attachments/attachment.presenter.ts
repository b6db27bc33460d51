import { encodeId } from '@gateway/core';
import type { AttachmentRow } from '@gateway/database';
import type { FirstAnswer } from '@gateway/delivery';

export const presentAttachment = (row: AttachmentRow) => ({
  id: encodeId('attachment', row.id),
  name: row.name,
  size: row.size,
  contentType: row.contentType,
  createdAt: row.createdAt.toISOString(),
});

/** The answer to an upload. */
export function storedAnswer(row: AttachmentRow): FirstAnswer {
  const body = presentAttachment(row);
  return { status: 201, headers: { location: `/v1/attachments/${body.id}` }, body: JSON.stringify(body) };
}
