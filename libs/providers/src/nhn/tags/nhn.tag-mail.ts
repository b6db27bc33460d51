import type { ListTarget, OutboundBatch, SendOutcome } from '@gateway/core';
import { writeContent } from '../../shared/content.js';
import { postOnce } from '../../shared/exchange.js';
import type { NhnApi } from '../nhn.api.js';
import { nhnDialect } from '../nhn.capabilities.js';
import { judgeSend } from '../nhn.errors.js';
import { BATCH_HEADER } from '../nhn.mapper.js';
import { saysRetired } from '../nhn.retired.js';

/** The vendor's name of the call (nhn.md §4.6). */
export const TAG_MAIL = 'tagMail';
/** `a AND b`, `a OR b`: tags and operators as tokens. */
export const expressionOf = ({ lists, match }: ListTarget): readonly string[] =>
  lists.flatMap((id, i) => (i === 0 ? [id] : [match === 'all' ? 'AND' : 'OR', id]));

/**
 * The body of a mail to tags. It takes no parameters: every value is written into the texts. It has no
 * `senderGroupingKey`: the batch id comes back as its user, and in a header.
 */
export function tagMailObject(batch: OutboundBatch, list: ListTarget): object {
  const { subject, body } = writeContent(batch, nhnDialect);
  const { name } = batch.from;
  const { attachments, providerTemplateId } = batch;
  return {
    senderAddress: batch.from.address,
    ...(name !== undefined && { senderName: name }),
    ...(providerTemplateId !== undefined && { templateId: providerTemplateId }),
    ...(subject !== undefined && { title: subject }),
    ...(body !== undefined && { body }),
    customHeaders: { ...batch.headers, [BATCH_HEADER]: batch.batchId },
    ...(attachments.length > 0 && { attachFileIdList: attachments.map(({ fileId }) => fileIdOf(fileId)) }),
    adYn: batch.category === 'marketing' ? 'Y' : 'N',
    // `N` would wait for a confirmation in the console.
    autoSendYn: 'Y',
    tagExpression: expressionOf(list),
    userId: batch.batchId,
  };
}

const fileIdOf = (fileId: string): number | string => (/^\d{1,15}$/.test(fileId) ? Number(fileId) : fileId);

export async function sendTagMail(
  api: NhnApi,
  batch: OutboundBatch,
  list: ListTarget,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const body = JSON.stringify(tagMailObject(batch, list));
  const path = api.pathOf(`sender/${TAG_MAIL}`);
  const call = { provider: api.account, operation: TAG_MAIL };
  const sent = await postOnce(api.http, { method: 'POST', path, headers: api.headers, body, signal }, call);
  if ('refused' in sent) return sent.refused;
  const { answer } = sent;
  return retiredOr(judgeSend({ answer, operation: TAG_MAIL, by: api }));
}

/** No waiting helps where the service has ended. */
const retiredOr = (outcome: SendOutcome): SendOutcome =>
  outcome.outcome === 'refused' && saysRetired(outcome.provider)
    ? { ...outcome, reason: 'provider_refused', scope: 'batch', retired: true }
    : outcome;
