import type { KeyUse } from '@gateway/database';
import type { Metrics } from '@gateway/platform';

/** What is encrypted, by the key that it needs: an older key may go when its series is 0 or has ended. */
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
