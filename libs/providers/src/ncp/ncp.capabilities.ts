import type { Capabilities } from '@gateway/core';
import { v1FileLimits } from '../naver/v1/files.js';

const MB = 1024 * 1024;

/** ncp.md §3.1, §4; `requestBytes` and the length of a sender's address are the gateway's own bounds. */
export const ncpCapabilities: Capabilities = {
  doubt: 'lookup',
  tracking: ['poll'],
  historyDays: 62,
  limits: {
    recipientsPerRequest: 100_000,
    // 2026-11, §3.1: NCP itself cuts shared mail into several of 30, so more would not be one mail.
    recipientsPerSharedMail: 30,
    subjectBytes: 500,
    // §3.1 says 500 KB without saying of which; this is the smaller reading.
    bodyBytes: 500_000,
    senderNameBytes: 69,
    senderAddressLength: 100,
    recipientAddressLength: 254,
    recipientNameLength: 69,
    headerValueBytes: 0,
    requestBytes: 48 * MB,
    quota: { recipients: 1_000_000, per: 'month', timeZone: 'Asia/Seoul' },
    ...v1FileLimits,
  },
  features: {
    customHeaders: false,
    unsubscribeUrl: false,
    openTracking: false,
    findByMarker: true,
  },
  forbiddenHeaders: [],
  rules: {
    // §3.1 says "length"; bytes, as of the sender's name, are the stricter reading.
    recipientNameUnit: 'bytes',
    // §3.1: portal domains, and those of NAVER itself.
    excludedSenderDomains: ['naver.com', 'navercorp.com', 'ncloud.com'],
    // §11: "DNS side". Which selector a zone has is shown in its console only.
    senderAuthentication: {
      spfDomains: ['email.ncloud.com', '_spfblocka.ncloud.com'],
      dkimSelectors: ['ncpcompubkr', 'ncpcomfin', 'ncpcomgov', 'mailer'],
    },
    templateIds: { form: 'number' },
  },
};
