/** What stands in place of a credential: in logs, in words of providers that are kept and shown, in previews. */
export const REDACTED = '[redacted]';
