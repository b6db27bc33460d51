import { encodeId } from '@gateway/core';

/** The id of the key that did something; `null`: the gateway itself did, or it was before keys were noted. */
export const presentKeyId = (keyId: string | null): string | null =>
  keyId === null ? null : encodeId('apiKey', keyId);
