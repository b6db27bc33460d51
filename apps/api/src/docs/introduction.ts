const INTRODUCTION = `One portable API over NAVER Cloud Outbound Mailer and NHN Cloud Email.

Press **Authorize** and paste the key that the gateway printed at its start, then try the calls.

- Every error is an RFC 9457 problem document with a stable \`code\`. \`retryable\` tells whether the same request may
  succeed later. A wrong method on a known path is \`405\` with \`Allow\`.
- Every answer has an \`X-Request-Id\`; send your own to find it in the logs of the gateway.
- Send an \`Idempotency-Key\` with a \`POST\` that makes something, and repeat it safely.
- Lists are paged: pass \`nextCursor\` as \`cursor\` until it is null.`;

const SANDBOX = `> **Sandbox.** A simulator stands in for both providers: no mail leaves this machine. What becomes of a recipient
> is written in its address: \`bounce+unknown_user@example.com\`, \`slow+10s@example.com\`, \`open@example.com\`.
> The ids in the examples exist, so every call works as it stands.

`;

/** What stands at the top of the page. */
export const introduction = (sandbox: boolean): string => (sandbox ? SANDBOX : '') + INTRODUCTION;

/** The groups of calls, in the order of the page. */
export const tags = {
  Messages:
    'Send, preview, cancel and follow messages. Needs a key with the scope `messages:write` to send, preview and ' +
    'cancel, with `messages:read` to look.',
  Events: 'What happened to all messages. Scope `messages:read`.',
  Suppressions: 'Addresses that get no mail. Scope `suppressions`.',
  Attachments: 'Files that messages carry. Scope `messages:write` to upload and delete, `messages:read` to look.',
  Recipients: 'What was sent to an address. Scope `messages:read`.',
  Templates: 'Texts that messages are made of. Scope `templates`.',
  'Template categories': 'The tree in which templates are kept. Scope `templates`.',
  Contacts: 'Who mail goes to, with any number of addresses. Scope `audience`.',
  Groups: 'Groups of contacts: what the `audience` of a message names. Scope `audience`.',
  Statistics: 'Figures of what was sent, ours and those of the providers. Scope `statistics`.',
  Providers: 'The accounts that mail goes out through. Scope `providers`.',
  'API keys': 'Who may use the gateway, and for what. Scope `admin`.',
  Operations: 'For probes and Prometheus. Open without a key.',
} as const;
