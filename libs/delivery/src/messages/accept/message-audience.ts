import { firstBatchStatus, type ListAudience, type MessageSpec } from '@gateway/core';
import type { NewMessage } from '@gateway/database';

/** A message to an audience waits without recipients until it is due. */
export function audienceColumns(
  { audience, list, sendAt }: MessageSpec,
  hold: boolean,
  now: Date,
): Pick<NewMessage, 'audience' | 'expansion' | 'expandAt'> {
  const expansion = firstBatchStatus({ hold, ...(sendAt !== undefined && { sendAt }) });
  if (list !== undefined) return { audience: { expression: expressionOf(list), list }, expansion, expandAt: null };
  if (audience === undefined) return { audience: null, expansion: null, expandAt: null };
  return { audience, expansion, expandAt: hold ? null : (sendAt ?? now) };
}

/** As the caller gave it. */
const expressionOf = ({ provider, groups, match }: ListAudience) => ({
  provider,
  groups: groups.map(({ name }) => name),
  match,
});

/** The lists that a stored message is addressed to. */
export const listOf = ({ audience }: { readonly audience: unknown }): ListAudience | undefined =>
  (audience as { readonly list?: ListAudience } | null)?.list;
