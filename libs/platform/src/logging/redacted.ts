/** Replaces a credential in logs, in providers' texts that are kept and shown, and in previews. */
export const REDACTED = '[redacted]';
