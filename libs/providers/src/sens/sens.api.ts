import type { HttpClient } from '@gateway/platform';
import type { ProviderDeps } from '../define-provider.js';
import { createSignedApi, type SignedApi } from '../naver/signed-api.js';
import type { SensSettings } from './sens.config.js';
import { readError, SENS } from './sens.errors.js';
import { pauseMs } from './sens.pause.js';

/** Signed requests to SENS and its answers to questions. */
export interface SensApi extends SignedApi {
  /** The path of the mail service's requests, or of what is below one. */
  requestsPath(...below: readonly string[]): string;
}

export function createSensApi(
  settings: Pick<SensSettings, 'baseUrl' | 'accessKey' | 'secretKey' | 'serviceId'>,
  http: HttpClient,
  { account = SENS, clock }: Pick<ProviderDeps, 'account' | 'clock'>,
): SensApi {
  return {
    ...createSignedApi(settings, http, { account, clock }, { readError, pauseMs }),
    // The colons of the service id are escaped, and signed so: a path is signed in the spelling that is sent (§1.2).
    requestsPath: (...below) =>
      ['/mail/v2/services', settings.serviceId, 'requests', ...below]
        .map((part, i) => (i === 0 ? part : encodeURIComponent(part)))
        .join('/'),
  };
}
