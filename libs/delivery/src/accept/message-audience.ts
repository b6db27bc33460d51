import type { MessageSpec } from '@gateway/core';
import type { NewMessage } from '@gateway/database';

/** A message to an audience waits without recipients until it is due. */
export function audienceColumns(
  { audience, sendAt }: MessageSpec,
  now: Date,
): Pick<NewMessage, 'audience' | 'expansion' | 'expandAt'> {
  if (audience === undefined) return { audience: null, expansion: null, expandAt: null };
  return { audience, expansion: sendAt === undefined ? 'queued' : 'scheduled', expandAt: sendAt ?? now };
}
