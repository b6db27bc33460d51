import type { Capabilities } from '@gateway/core';
import type { ProviderAccountState } from '@gateway/database';

/**
 * The capabilities of an account, as far as they are known by now. An account that does not give markers back is still looked up:
 * that no request is listed at all settles a doubt, and a marker that can be read again ends the exception.
 */
export const learntCapabilities = (
  declared: Capabilities,
  state: Pick<ProviderAccountState, 'markerLostAt'> | undefined,
): Capabilities =>
  declared.doubt === 'lookup' && (state?.markerLostAt ?? null) !== null ? { ...declared, doubt: 'none' } : declared;
