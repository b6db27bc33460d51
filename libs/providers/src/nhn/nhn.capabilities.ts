import { ADVERTISING_MARK, type Capabilities, type Dialect } from '@gateway/core';
import { isFrom, type NhnVersion } from './nhn.config.js';

const MB = 1024 * 1024;

/** nhn.md §2.1; the bounds of subject, body and request are the gateway's own, below what NHN documents. */
export const nhnCapabilities: Capabilities = {
  doubt: 'lookup',
  tracking: ['poll', 'push'],
  limits: {
    recipientsPerRequest: 1000,
    recipientsPerSharedMail: 1000,
    // NHN takes 998 characters; docs/api.md bounds the subject of every message, in the provider's syntax too.
    subjectBytes: 500,
    bodyBytes: 500_000,
    senderNameBytes: 100,
    senderAddressLength: 100,
    recipientAddressLength: 100,
    recipientNameLength: 100,
    headerValueBytes: 1000,
    requestBytes: 16 * MB,
    attachmentCount: 10,
    // §2.1 says 30 MB without saying of which; this is the smaller reading.
    attachmentBytes: 30_000_000,
    attachmentTotalBytes: 30_000_000,
  },
  features: {
    customHeaders: true,
    unsubscribeUrl: true,
    openTracking: true,
    // 2026-11, §4.5: auth-mail has no senderGroupingKey before v2.1.
    findByMarker: false,
  },
  forbiddenHeaders: [
    'from',
    'to',
    'cc',
    'bcc',
    'date',
    'subject',
    'content-disposition',
    'message-id',
    'sender',
    'reply-to',
    'newsgroups',
    'content-id',
    'content-md5',
    'mime-version',
    'content-transfer-encoding',
    'content-description',
    // Set by the gateway: a doubtful mail is recognised by it.
    'x-batch-id',
  ],
  rules: {
    recipientNameUnit: 'characters',
    excludedSenderDomains: [],
    // §2.2: an address on a sub-domain of the sender's root domain.
    envelopeFromHeader: 'x-tc-envelope-from',
    // 2026-11, §3: a bad name is -2003; which characters are bad is not documented. No file system takes these.
    fileNames: { excludedCharacters: '\\/:*?"<>|' },
    // §2.1
    templateIds: { form: 'text', longest: 50, excludedCharacters: `/?:<>%&"'` },
  },
};

/** Capabilities of the chosen version. Without a token no hook reaches the gateway. */
export const capabilitiesOf = (version: NhnVersion, receivesPushes = false): Capabilities => ({
  ...nhnCapabilities,
  tracking: receivesPushes ? ['poll', 'push'] : ['poll'],
  features: { ...nhnCapabilities.features, findByMarker: isFrom(version, 'v2.1') },
});

/**
 * `##key##` (§2.8, type DEFAULT; `${…}` is text then). A stray run of `#` could be read as a key that has no value,
 * which fails the mail since 2025-03-11. Advertisements need their mark and the links in Korean and English (§2.7).
 */
export const nhnDialect: Dialect = {
  variable: (key) => `##${key}##`,
  reserved: /#{2,}/g,
  edge: /#/,
  unsubscribeLink: '##BLOCK_RECEIVER_LINK##',
  unsubscribeUrl: '##BLOCK_RECEIVER_LINK_URL##',
  advertisingMark: ADVERTISING_MARK,
  unsubscribeFooter: '<p>##BLOCK_RECEIVER_LINK##<br>##EN_BLOCK_RECEIVER_LINK##</p>',
};
