import type { AdministeredProvider } from '@gateway/core';
import type { FeatureState } from '@gateway/database';

/**
 * The abilities of an account's own lists. `retired`: the account has answered so, or it was not asked yet and its
 * vendor has announced it.
 */
export function audienceCapability({ audience }: AdministeredProvider, seen: FeatureState | undefined) {
  if (audience === undefined) return { state: 'unsupported' as const };
  const { limits, endOfSupport = null } = audience;
  const retired = seen?.retired ?? endOfSupport !== null;
  return {
    state: retired ? ('retired' as const) : ('available' as const),
    endOfSupport,
    checkedAt: seen?.checkedAt.toISOString() ?? null,
    groupsPerMessage: limits.listsPerMessage,
    groups: limits.lists ?? null,
    groupsPerContact: limits.listsPerMember ?? null,
  };
}
