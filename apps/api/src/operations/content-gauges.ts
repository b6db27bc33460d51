import type { KeyUse } from '@gateway/database';
import type { Metrics } from '@gateway/platform';

/** Encrypted messages and files by the key that they need: an older key may go when its series has ended. */
export function contentGauges(metrics: Metrics): (uses: readonly KeyUse[]) => void {
  const rows = metrics.gauge(
    'gateway_content_key_rows',
    'Messages and files that are encrypted, by key and whether that is the current one; 100000: or more',
    ['table', 'key', 'state'],
  );
  return (uses) => {
    rows.reset();
    for (const { owner: table, keyId: key, state, rows: count } of uses) rows.set({ table, key, state }, count);
  };
}
