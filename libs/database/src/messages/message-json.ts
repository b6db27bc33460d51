import { firstBatchStatus, type Recipient } from '@gateway/core';
import { sealedVariables, sealTexts } from '../contents/message-contents.js';
import type { Seal } from '../contents/seal.js';
import type { KeptAnswer, MessageRows, NewMessage } from './new-message.js';

export const keptJson = ({ id, clientId }: NewMessage, { key, requestHash, status, headers, body }: KeptAnswer) => ({
  message_id: id,
  client_id: clientId,
  key,
  request_hash: requestHash.toString('hex'),
  status,
  headers,
  response: body,
});

export const recipientJson = ({ position, address, name, type, variables }: Recipient, { seal }: MessageRows) => ({
  position,
  address,
  name,
  type,
  variables: seal === undefined || variables === undefined ? variables : sealedVariables(seal, position, variables),
});

/** Missing columns become NULL. Half of a message's columns are NULL, and their names take PostgreSQL time to read. */
const given = <T>(value: T | null): T | undefined => value ?? undefined;

export const messageJson = ({ message: m, enqueuedAt, ofList, seal }: MessageRows) => ({
  id: m.id,
  client_id: m.clientId,
  category: m.category,
  delivery: m.delivery,
  requested_provider: m.requestedProvider,
  provider: m.provider,
  from_address: m.fromAddress,
  from_name: given(m.fromName),
  ...textsJson(m, seal),
  headers: m.headers,
  metadata: m.metadata,
  tags: m.tags,
  on_quota: m.onQuota,
  allow_split: m.allowSplit,
  send_at: given(m.sendAt),
  recipient_count: m.recipientCount,
  batch_count: m.batchCount,
  counts: m.counts,
  routing: m.routing,
  warnings: m.warnings,
  request_id: given(m.requestId),
  created_at: m.createdAt,
  attachment_ids: m.attachmentIds,
  template_id: given(m.templateId),
  template_version: given(m.templateVersion),
  provider_template_id: given(m.providerTemplateId),
  audience: given(m.audience),
  redrive_of: given(m.redriveOf),
  expansion: given(m.expansion),
  expand_at: given(m.expandAt),
  status: firstBatchStatus(m),
  enqueued_at: given(enqueuedAt),
  of_list: ofList,
  created_by: given(m.createdBy),
  held_by: given(m.heldBy),
  watched_route_id: given(m.watchedRouteId),
  content_key: seal?.sealedKey,
});

function textsJson({ subject, html, text, variables }: NewMessage, seal: Seal | undefined) {
  const texts = { subject, html, text, variables };
  const kept = seal === undefined ? texts : sealTexts(seal, texts);
  return { ...kept, html: given(kept.html), text: given(kept.text) };
}
