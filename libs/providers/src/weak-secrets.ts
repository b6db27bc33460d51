import { isUnmistakable, type Logger } from '@gateway/platform';
import type { ProviderAccount } from './define-provider.js';

/**
 * Warns at the start of accounts with a credential that could occur in any text by accident. Real ones are long and
 * random, so it is most likely a placeholder. Logs can mask it only where it is a value by itself.
 */
export function warnOfWeakSecrets(accounts: readonly ProviderAccount[], log: Logger): void {
  for (const { name, secrets } of accounts) {
    if (secrets.every(isUnmistakable)) continue;
    const advice = 'an access key of this account is implausibly short or simple; check its variables';
    log.warn({ account: name }, `${advice}: logs mask such a key only where it stands alone`);
  }
}
