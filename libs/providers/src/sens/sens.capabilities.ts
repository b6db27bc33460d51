import type { Capabilities } from '@gateway/core';
import { v1FileLimits } from '../naver/v1/files.js';
import type { SensSettings } from './sens.config.js';

const MB = 1024 * 1024;

/**
 * Bytes of the documented 500 KB that are kept free: for the marker, which is part of the body, and for the unsubscribe
 * text that SENS counts in an advertisement and whose length is not documented.
 */
const RESERVED_BYTES = 2000;

/** sens.md §2.1; `requestBytes` is the gateway's own bound. The quota is v1's: v2 names none. */
export const sensCapabilities: Capabilities = {
  doubt: 'lookup',
  tracking: ['poll'],
  limits: {
    recipientsPerRequest: 100_000,
    // 2026-11: not restated for v2; v1 cuts shared mail into several of 30, which would not be one mail.
    recipientsPerSharedMail: 30,
    subjectBytes: 500,
    // 500 KB after substitution, without saying of which; this is the smaller reading.
    bodyBytes: 500_000 - RESERVED_BYTES,
    senderNameBytes: 69,
    senderAddressLength: 254,
    recipientAddressLength: 254,
    recipientNameLength: 69,
    headerValueBytes: 0,
    requestBytes: 48 * MB,
    quota: { recipients: 1_000_000, per: 'month', timeZone: 'Asia/Seoul' },
    // v2 has no upload (§0).
    attachmentCount: 0,
    attachmentBytes: 0,
    attachmentTotalBytes: 0,
  },
  features: {
    customHeaders: false,
    unsubscribeUrl: false,
    openTracking: false,
    findByMarker: true,
  },
  forbiddenHeaders: [],
  rules: {
    recipientNameUnit: 'bytes',
    // 2026-11: v1's rule against portals is not in the documents of v2.
    excludedSenderDomains: [],
    templateIds: { form: 'number' },
    sharedAdvertisements: false,
  },
};

/** Of an account, by what its settings let it do. */
export function capabilitiesOf({ v1 }: Pick<SensSettings, 'v1'>): Capabilities {
  if (v1?.files === 'send') return { ...sensCapabilities, limits: { ...sensCapabilities.limits, ...v1FileLimits } };
  const withoutAttachments =
    v1 === undefined
      ? 'its API has no upload'
      : 'no document says that its API v2 sends files that were uploaded to v1';
  return { ...sensCapabilities, rules: { ...sensCapabilities.rules, withoutAttachments } };
}
