import { ADVERTISING_MARK, type Capabilities, type Dialect } from '@gateway/core';

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;

/** An invented vendor, unlike the real ones wherever the port allows it. */
export const acmeCapabilities: Capabilities = {
  doubt: 'repeat',
  idempotencyKeyMs: DAY_MS,
  tracking: ['push'],
  limits: {
    recipientsPerRequest: 1000,
    recipientsPerSharedMail: 50,
    subjectBytes: 500,
    bodyBytes: 500_000,
    senderNameBytes: 100,
    senderAddressLength: 254,
    recipientAddressLength: 254,
    recipientNameLength: 500,
    headerValueBytes: 2000,
    requestBytes: 16 * MB,
    quota: { recipients: 50_000, per: 'day', timeZone: 'UTC' },
    attachmentCount: 0,
    attachmentBytes: 0,
    attachmentTotalBytes: 0,
  },
  features: { customHeaders: true, unsubscribeUrl: true, openTracking: true, findByMarker: false },
  forbiddenHeaders: ['from', 'to', 'cc', 'bcc', 'subject', 'date', 'message-id', 'sender', 'reply-to'],
  rules: { recipientNameUnit: 'characters', excludedSenderDomains: [] },
};

/** `%[key]%`; the vendor's own tokens begin with a colon. */
export const acmeDialect: Dialect = {
  variable: (key) => `%[${key}]%`,
  reserved: /%\[|\]%/g,
  unsubscribeLink: '%[:unsubscribe]%',
  unsubscribeUrl: '%[:unsubscribe_url]%',
  advertisingMark: ADVERTISING_MARK,
  unsubscribeFooter: '<p>%[:unsubscribe]%</p>',
};
