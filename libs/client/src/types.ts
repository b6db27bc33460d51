import type { components, operations } from './openapi.js';

type Schemas = components['schemas'];
type Content<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;

/** Body of a call of the OpenAPI document. */
export type BodyOf<Id extends keyof operations> = operations[Id] extends { requestBody: infer Body }
  ? Content<NonNullable<Body>>
  : Content<NonNullable<operations[Id]['requestBody']>>;
/** Filters of a call. */
export type QueryOf<Id extends keyof operations> = NonNullable<operations[Id]['parameters']['query']>;
/** Successful answer of a call. */
export type AnswerOf<Id extends keyof operations, Status extends keyof operations[Id]['responses']> = Content<
  operations[Id]['responses'][Status]
>;
/** Filters of a list, without `cursor`, where one begins. */
export type Filter<Id extends keyof operations> = QueryOf<Id>;

export type Message = Schemas['Message'];
export type MessageDetail = Schemas['MessageDetail'];
export type MessageSummary = Schemas['MessageSummary'];
export type MessageStatus = Schemas['MessageStatus'];
export type NewMessage = Schemas['NewMessage'];
/** The first line of a stream: a message without recipients. */
export type MessageHead = Omit<NewMessage, 'recipients' | 'to' | 'cc' | 'bcc' | 'audience' | 'dryRun'>;
/** A recipient as it is sent. */
export type NewRecipient = NonNullable<NewMessage['recipients']>[number];
export type Recipient = Schemas['Recipient'];
export type RecipientStatus = Schemas['RecipientStatus'];
export type Reason = Schemas['Reason'];
export type Batch = Schemas['Batch'];
export type Diagnosis = Schemas['Diagnosis'];
export type Preview = Schemas['Preview'];
export type BatchResult = AnswerOf<'sendMessages', 200>['results'][number];
export type Attachment = Schemas['Attachment'];
export type Template = Schemas['Template'];
export type TemplateSummary = Schemas['TemplateSummary'];
export type TemplateCategory = Schemas['TemplateCategory'];
export type Contact = Schemas['Contact'];
export type NewContact = Schemas['NewContact'];
export type ImportResult = Schemas['ImportResult'];
export type Group = Schemas['Group'];
export type Suppression = AnswerOf<'listSuppressions', 200>['data'][number];
export type Statistics = Schemas['Statistics'];
export type Workload = Schemas['Workload'];
export type ProviderAccount = Schemas['ProviderAccount'];
export type ApiKey = Schemas['ApiKey'];
export type AuditEntry = Schemas['AuditEntry'];
/** A key that was just made; the only answer that has the key itself. */
export type NewApiKey = Schemas['NewApiKey'];
/** The settings of a webhook endpoint. */
export type CreateWebhookEndpoint = Schemas['CreateWebhookEndpoint'];
/** An endpoint that was just created, with its `secret` or `publicKey`. The secret is shown once. */
export type NewWebhookEndpoint = Schemas['NewWebhookEndpoint'];
export type WebhookEndpoint = Schemas['WebhookEndpoint'];
export type WebhookEndpointWithHealth = Schemas['WebhookEndpointWithHealth'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
export type WebhookDeliverySummary = Schemas['WebhookDeliverySummary'];
export type WebhookEventType = Schemas['WebhookEventType'];

/** One page of a list. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Where the next page begins; `null` on the last one. */
  readonly nextCursor: string | null;
}
