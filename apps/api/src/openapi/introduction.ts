const INTRODUCTION = `One API for NAVER Cloud Outbound Mailer and NHN Cloud Email.

Press **Authorize** and paste the key that the gateway printed when it started, then try the calls.

- Every error is an RFC 9457 problem document with a stable \`code\`. \`retryable\` says whether the same request may
  succeed later. A wrong method on a known path is \`405\` with \`Allow\`.
- Every answer has an \`X-Request-Id\`; send your own to find it in the logs of the gateway.
- A member that is \`null\` counts as absent, so a \`PATCH\` leaves it as it is; an empty text, list or object clears it. A number that cannot be kept exactly (beyond 2^53, too many digits) is refused: send it as text.
- Send an \`Idempotency-Key\` with a \`POST\` that creates something, so that you can repeat it safely.
- Lists are paged: pass \`nextCursor\` as \`cursor\` until it is null.`;

const SANDBOX = `> **Sandbox.** A simulator replaces the providers: no mail leaves this machine. The address of a
> recipient decides the outcome: \`bounce+unknown_user@example.com\`, \`slow+10s@example.com\`, \`open@example.com\`.
> The ids in the examples exist, so every call works as shown.

`;

/** The text at the top of the page. */
export const introduction = (sandbox: boolean): string => (sandbox ? SANDBOX : '') + INTRODUCTION;

/** The groups of calls, in the order of the page. */
export const tags = {
  Messages:
    'Send, preview, cancel and follow messages. Scope `messages:write` to send, preview and ' +
    'cancel, `messages:read` to read.',
  Events: 'The events of all messages. Scope `messages:read`.',
  Webhooks: 'Endpoints that get events as they happen, signed as Standard Webhooks says. Scope `webhooks`.',
  Suppressions: 'Addresses that get no mail. Scope `suppressions` to read, `suppressions:write` to change.',
  Attachments: 'Files that messages carry. Scope `messages:write` to upload and delete, `messages:read` to read.',
  Recipients: 'All mail that was sent to an address. Scope `messages:read`.',
  Templates: 'Reusable texts of messages. Scope `templates`.',
  'Template categories': 'The tree in which templates are kept. Scope `templates`.',
  Contacts: 'People with any number of addresses. Scope `audience`.',
  Groups: 'Groups of contacts, for the `audience` of messages. Scope `audience`.',
  Statistics: 'Counts of the gateway and of the providers. Scope `statistics`.',
  Providers: 'The accounts that send the mail. Scope `providers` to read, `providers:write` to pause and resume.',
  Routes: 'Which mail goes through which account: shares, tenants, guards and shadows. Scope `admin`.',
  'API keys': 'The keys of all clients, their scopes and limits. Scope `admin`.',
  Audit: 'Who changed what. Scope `admin`.',
  Operations: 'For probes and Prometheus. Open without a key.',
} as const;
