import { randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FirstApiKey {
  readonly key: string;
  /** True: from the environment, its owner knows it. False: kept in the data folder, we show it. */
  readonly given: boolean;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The given key, or the one that is kept in `DATA_DIR/api-key` (mode 0600) and made at the first start. */
export const firstApiKey = (given: string | undefined, dataDir: string): FirstApiKey => {
  if (given !== undefined) return { key: given, given: true };
  const file = join(dataDir, 'api-key');
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept !== '') {
    chmodSync(file, 0o600);
    return { key: kept, given: false };
  }
  mkdirSync(dataDir, { recursive: true });
  const key = newApiKey();
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return { key, given: false };
};

/** `gk_` and 32 characters of base 62: 190 bits. */
const newApiKey = (): string => `gk_${Array.from({ length: 32 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
