export type * from './event.types.js';
export type { RawBody } from './webhooks/content.js';
export { WebhookVerificationError, type WebhookFault } from './webhooks/error.js';
export { newSecret, sign, webhookBody, type SignedHeaders, type Signing } from './webhooks/sign.js';
export { verify, type Verification, type Webhook, type WebhookHeaders } from './webhooks/verify.js';
