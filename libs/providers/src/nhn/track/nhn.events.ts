import { UnreadablePushError, type ProviderEvents, type PushHint } from '@gateway/core';
import { z } from 'zod';
import { readJson } from '../../shared/answer.js';
import { entries, id, optional } from '../../shared/wire.js';

/** 2026-11, nhn.md §6.3: the text says `senderGroupingKey`, the sample `senderGroupKey`. */
const hookSchema = z.object({
  requestId: optional(id),
  senderGroupingKey: optional(id),
  senderGroupKey: optional(id),
});

/** A hook about opt-outs names no request. The name of the event for results is not documented. */
const pushSchema = z.object({ hooks: entries(hookSchema, {}) });

/**
 * Hooks that are set up in NHN's console. 2026-11, nhn.md §6.3: they carry a fixed text at most, no signature, so they
 * prove nothing: what they say of states is not read.
 */
export const nhnEvents: ProviderEvents = {
  read: ({ body }) => {
    const read = pushSchema.safeParse(readJson(body));
    if (!read.success) throw new UnreadablePushError('the body is no hook');
    return { authentic: false, hints: distinct(read.data.hooks.map(hintOf)) };
  },
};

/** `senderGroupingKey` is the id of the batch (`nhn.mapper.ts`). */
function hintOf({ requestId, senderGroupingKey, senderGroupKey }: z.output<typeof hookSchema>): PushHint {
  const batchId = senderGroupingKey ?? senderGroupKey;
  return { ...(requestId && { requestId }), ...(batchId && { batchId }) };
}

/** A call has a hook for each recipient. */
function distinct(hints: readonly PushHint[]): readonly PushHint[] {
  const byName = new Map(hints.map((hint) => [`${hint.requestId ?? ''} ${hint.batchId ?? ''}`, hint]));
  byName.delete(' ');
  return [...byName.values()];
}
