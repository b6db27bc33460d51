export { AcceptMessageService, type AcceptCommand, type Present } from './accept/accept-message.service.js';
export { MessageWriter } from './accept/write-messages.js';
export { PreviewMessageService, type Preview } from './accept/preview-message.service.js';
export {
  StoreAttachmentService,
  type IncomingFile,
  type StoreCommand,
} from './attachments/store-attachment.service.js';
export { GroupCopier } from './audience/lists/group-copier.js';
export { KeepListsService } from './audience/lists/keep-lists.service.js';
export { ListAccounts } from './audience/lists/list-accounts.js';
export { ListNamer } from './audience/lists/list-namer.js';
export { ListTargets } from './audience/lists/list-targets.js';
export { ResolveListsService } from './audience/lists/resolve-lists.service.js';
export { ProviderListsService, type ListedList } from './audience/lists/provider-lists.service.js';
export { PushGroupService, type PushAnswer } from './audience/lists/push-group.service.js';
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
export { AccountGate } from './dispatch/account-gate.js';
export { AccountHealth } from './dispatch/account-health.js';
export { BatchHolder } from './dispatch/hold-batches.js';
export { FailoverPlanner } from './dispatch/failover.js';
export { OutcomeRecorder } from './dispatch/record-outcome.js';
export { RecipientBudget } from './recipient-budget.js';
export { ExamineAttempts, ExamineOwners } from './doctor/examine-batches.js';
export { ExamineJobs } from './doctor/examine-jobs.js';
export { ExamineCompletions, ExamineCounts } from './doctor/examine-messages.js';
export { checks, type Check, type Examination, type Finding } from './doctor/finding.js';
export { IdempotencyService, type FirstAnswer, type IdempotentRequest } from './idempotency.service.js';
export { ProviderDirectory } from './provider-directory.js';
export { Timeline, type TimelineCursor, type TimelineEvent } from './read/timeline.js';
export { ReconcileBatchesService } from './reconcile/reconcile-batches.service.js';
export { RedriveMessageService, type RedriveCommand } from './redrive-message.service.js';
export { Recorder } from './record.js';
export { PlanRetentionService, type RetentionPlan } from './retention/plan-retention.service.js';
export { RetainMessagesService, type RetentionResult } from './retention/retain-messages.service.js';
export type { RetentionReport } from './retention/retention-report.js';
export { SweepRetentionService } from './retention/sweep-retention.service.js';
export { RecoverService } from './recover/recover.service.js';
export { CategoryCopies } from './templates/category-copies.js';
export type { ImportFault, ImportReport } from './templates/import-report.js';
export {
  ImportTemplatesService,
  type CategoryEntry,
  type TemplateEntry,
} from './templates/import-templates.service.js';
export { KeepTemplateCopiesService } from './templates/keep-template-copies.service.js';
export { PushTemplateService } from './templates/push-template.service.js';
export { TakeOverTemplatesService, type Adoption } from './templates/take-over-templates.service.js';
export { BounceBlockService } from './bounce-block.service.js';
export { TemplateArchivesService } from './templates/template-archives.service.js';
export { SweepSuppressionsService } from './suppressions/sweep-suppressions.service.js';
export { SyncNowService, type SyncResult } from './suppressions/sync-now.service.js';
export { SyncSuppressionsService } from './suppressions/sync-suppressions.service.js';
export { TemplateCategoriesService } from './templates/template-categories.service.js';
export { TemplatesService, textsOf, type TemplateDraft } from './templates/templates.service.js';
export { effectiveLeaseMs, type Timing } from './timing.js';
export { PollRecorder } from './track/record-polls.js';
export { TrackBatchesService } from './track/track-batches.service.js';
