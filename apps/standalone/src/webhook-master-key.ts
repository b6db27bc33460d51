import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '@gateway/platform';

const KEY_BYTES = 32;

/** The given keys, or the one that is kept in `DATA_DIR/webhook-master-key` (mode 0600) and made at the first start. */
export function webhookMasterKey(env: Env, dataDir: string): string {
  const given = (env['WEBHOOK_MASTER_KEY'] ?? '').trim();
  if (given !== '') return given;
  const file = join(dataDir, 'webhook-master-key');
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept !== '') {
    chmodSync(file, 0o600);
    return kept;
  }
  mkdirSync(dataDir, { recursive: true });
  const key = randomBytes(KEY_BYTES).toString('base64');
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return key;
}
