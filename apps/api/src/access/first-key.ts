import { encodeId } from '@gateway/core';
import { DEFAULT_CLIENT, type AccessRepository } from '@gateway/database';
import { newUuid, type Logger } from '@gateway/platform';
import { hashKey } from './known-keys.js';
import { scopes } from '../http/scopes.js';

/**
 * Makes the key of GATEWAY_API_KEY usable: it belongs to client `default` and may do everything. The one that was in the
 * environment before it stops working; other api processes notice within a second.
 */
export async function ensureFirstKey(access: AccessRepository, key: string, log: Logger): Promise<void> {
  const { usable, replaced } = await access.replaceFirst({
    id: newUuid(),
    clientId: newUuid(),
    client: DEFAULT_CLIENT,
    name: 'first key',
    hash: hashKey(key),
    scopes: [...scopes],
  });
  if (!usable) log.error('GATEWAY_API_KEY has been revoked or rotated out by a call of /v1/api-keys; set a new one');
  if (replaced.length > 0) {
    const keyIds = replaced.map((id) => encodeId('apiKey', id));
    log.warn({ keyIds }, 'GATEWAY_API_KEY has changed: the first key before it is revoked');
  }
}
