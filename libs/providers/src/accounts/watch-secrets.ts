import type { Logger, SecretTexts } from '@gateway/platform';
import type { ProviderAccount } from '../define-provider.js';
import { FileAccount } from './file-account.js';

/** Two looks that see the same change make it count, so it does within a second. In milliseconds. */
const BETWEEN_LOOKS_MS = 250;

export interface SecretWatch {
  readonly log: Logger;
  /** Credentials that no log line may show. */
  readonly secrets: SecretTexts;
  /** Called with the name of an account that has gone over to new secrets. */
  readonly onNewSecrets: (account: string) => void;
}

/**
 * Has accounts go over to new secrets when their files change. Looks instead of being notified: a mounted volume that
 * replaces a link, or another machine that writes, is not announced.
 * @returns how to end it.
 */
export function watchSecrets(
  accounts: readonly ProviderAccount[],
  watch: SecretWatch,
  betweenLooksMs = BETWEEN_LOOKS_MS,
): () => void {
  const watched = accounts.filter((account) => account instanceof FileAccount);
  if (watched.length === 0) return () => undefined;
  const reported = new Map<FileAccount, string>();
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    for (const account of watched) await refresh(account, watch, reported);
    if (!ended) timer = setTimeout(() => void look(), betweenLooksMs).unref();
  };
  void look();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

async function refresh(
  account: FileAccount,
  { log, secrets, onNewSecrets }: SecretWatch,
  reported: Map<FileAccount, string>,
): Promise<void> {
  const { name } = account;
  try {
    const look = await account.refresh((texts) => secrets.add(texts));
    if (look.found === 'fault') {
      const problem = `${look.variable} ${look.problem}`;
      if (reported.get(account) !== problem) log.error({ account: name }, `${problem}; the last good secret is used`);
      reported.set(account, problem);
      return;
    }
    reported.delete(account);
    if (look.found !== 'new values') return;
    log.info({ account: name }, 'the account uses the new secrets of its files');
    onNewSecrets(name);
  } catch (error) {
    log.error({ account: name, err: error }, 'the secret files of the account cannot be looked at');
  }
}
