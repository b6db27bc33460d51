export { AcceptMessageService, type AcceptCommand, type Present } from './accept/accept-message.service.js';
export { PreviewMessageService, type Preview } from './accept/preview-message.service.js';
export {
  StoreAttachmentService,
  type IncomingFile,
  type StoreCommand,
} from './attachments/store-attachment.service.js';
export { ContactsService } from './audience/contacts.service.js';
export { ExpandAudiencesService } from './audience/expand-audiences.service.js';
export { GroupsService, type Members } from './audience/groups.service.js';
export { ImportContactsService, type ContactFile, type ImportResult } from './audience/import-contacts.service.js';
export { AttachmentCopies } from './attachments/attachment-copies.js';
export { MessageAttachments } from './attachments/message-attachments.js';
export { RemoveAttachmentsService } from './attachments/remove-attachments.service.js';
export { PreviewAudienceService } from './audience/preview-audience.service.js';
export { ResolveAudienceService } from './audience/resolve-audience.service.js';
export { CancelMessageService, type Cancellation } from './cancel-message.service.js';
export { CompareStatisticsService, type ComparedStatistic } from './compare-statistics.service.js';
export { DispatchBatchesService } from './dispatch/dispatch-batches.service.js';
export { RecipientBudget } from './dispatch/recipient-budget.js';
export { IdempotencyService, type FirstAnswer, type IdempotentRequest } from './idempotency.service.js';
export { ProviderDirectory } from './provider-directory.js';
export { Timeline, type TimelineCursor, type TimelineEvent } from './read/timeline.js';
export { ReconcileBatchesService } from './reconcile/reconcile-batches.service.js';
export { RedriveMessageService, type RedriveCommand } from './redrive-message.service.js';
export { Recorder } from './record.js';
export { RecoverService } from './recover/recover.service.js';
export { SweepSuppressionsService } from './suppressions/sweep-suppressions.service.js';
export { SyncNowService, type SyncResult } from './suppressions/sync-now.service.js';
export { SyncSuppressionsService } from './suppressions/sync-suppressions.service.js';
export { TemplateCategoriesService } from './templates/template-categories.service.js';
export { TemplatesService, textsOf, type TemplateDraft } from './templates/templates.service.js';
export type { Timing } from './timing.js';
export { TrackBatchesService } from './track/track-batches.service.js';
