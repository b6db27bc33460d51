export { AcceptManyService } from './messages/accept/accept-many.service.js';
export { AcceptMessageService } from './messages/accept/accept-message.service.js';
export type { AcceptCommand, Present } from './messages/accept/accept-command.js';
export { MessageWriter } from './messages/accept/write-messages.js';
export { PreviewMessageService, type Preview } from './messages/accept/preview-message.service.js';
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
export { DiagnoseMessageService } from './messages/diagnose/diagnose-message.service.js';
export { causeCodes, waitsFor } from './messages/diagnose/finding.js';
export { CancelMessageService, type Cancellation } from './messages/cancel-message.service.js';
export { CompareStatisticsService, type ComparedStatistic } from './accounts/compare-statistics.service.js';
export { DispatchBatchesService } from './batches/dispatch/dispatch-batches.service.js';
export { AccountGate } from './accounts/account-gate.js';
export { AccountHealth } from './accounts/account-health.js';
export { BatchEndings } from './batches/endings/batch-endings.js';
export { AttemptStarts } from './batches/dispatch/attempt-starts.js';
export { BatchClaims } from './batches/dispatch/batch-claims.js';
export { Coalescer, type CoalescerLimits } from './shared/coalescer.js';
export { ListGrowth } from './suppressions/list-growth.js';
export { OutboundReader } from './shared/outbound-reader.js';
export { quotaState, type QuotaState } from './accounts/quota/quota.js';
export { DeclareQuotasService } from './accounts/quota/declare-quotas.service.js';
export { ReleaseQuotaService } from './accounts/quota/release-quota.service.js';
export { BatchHalver } from './batches/dispatch/halve-batches.js';
export { BatchHolder } from './batches/dispatch/hold-batches.js';
export { AcceptedRecorder } from './batches/dispatch/record-accepted.js';
export { FailoverPlanner } from './batches/dispatch/failover.js';
export { OutcomeRecorder } from './batches/dispatch/record-outcome.js';
export { RecipientBudget } from './shared/recipient-budget.js';
export { checks, EXAMINATIONS, type Check, type Examination, type Finding } from './doctor/finding.js';
export { IdempotencyService, type FirstAnswer, type IdempotentRequest } from './shared/idempotency.service.js';
export { ProviderDirectory } from './shared/provider-directory.js';
export {
  EventLog,
  LOG_START,
  type EventFilter,
  type LogCursor,
  type LogEvent,
  type LogPage,
  type ToldEvent,
} from './events/event-log.js';
export { LiveLog, type Following, type Told } from './events/live-log.js';
export { EventsModule } from './events/events.module.js';
export { ReconcileBatchesService } from './batches/reconcile/reconcile-batches.service.js';
export { RedriveMessageService, type RedriveCommand } from './messages/redrive-message.service.js';
export { ReleaseMessageService } from './messages/release-message.service.js';
export { Recorder } from './shared/record.js';
export { ContentsModule } from './contents/contents.module.js';
export { RotateContentKeysService } from './contents/rotate-content-keys.service.js';
export { PlanRetentionService, type RetentionPlan } from './retention/plan-retention.service.js';
export { RetainMessagesService, type RetentionResult } from './retention/retain-messages.service.js';
export type { RetentionReport } from './retention/retention-report.js';
export { SweepRetentionService } from './retention/sweep-retention.service.js';
export { mentionsAddress, withoutAddresses } from './privacy/address-pattern.js';
export { receiptOf } from './privacy/receipt.js';
export { RequestErasureService } from './privacy/request-erasure.service.js';
export { SweepErasuresService } from './privacy/sweep-erasures.service.js';
export { BacklogFeeder } from './batches/recover/backlog-feeder.js';
export { DueWork } from './batches/recover/due-work.js';
export { unconfigured } from './accounts/configured-accounts.js';
export { learntCapabilities } from './accounts/learnt-capabilities.js';
export { waitingFor, type Waiting } from './accounts/waiting.js';
export { SharedAccountStates } from './accounts/account-states.js';
export { MoveWaitingService } from './batches/recover/move-waiting.service.js';
export { RecoverService } from './batches/recover/recover.service.js';
export { CategoryCopies } from './templates/category-copies.js';
export type { ImportFault, ImportFaults, ImportReport } from './templates/import-report.js';
export {
  ImportTemplatesService,
  type CategoryEntry,
  type TemplateEntry,
} from './templates/import-templates.service.js';
export { KeepTemplateCopiesService } from './templates/keep-template-copies.service.js';
export { PushTemplateService } from './templates/push-template.service.js';
export { TakeOverTemplatesService, type Adoption } from './templates/take-over-templates.service.js';
export { CheckAccountService, type AccountCheck } from './accounts/check/check-account.service.js';
export { FollowUpdatesService } from './batches/track/follow-updates.service.js';
export { SendingDomains } from './sending-domains/sending-domains.service.js';
export { SendingDomainsModule } from './sending-domains/sending-domains.module.js';
export {
  authenticationOf,
  type AccountAuthentication,
  type InspectedDomain,
} from './sending-domains/inspect-domain.js';
export { BounceBlockService } from './accounts/bounce-block.service.js';
export { TemplateArchivesService } from './templates/template-archives.service.js';
export { SweepSuppressionsService } from './suppressions/sweep-suppressions.service.js';
export { SyncNowService, type SyncResult } from './suppressions/sync-now.service.js';
export { SyncSuppressionsService } from './suppressions/sync-suppressions.service.js';
export { TemplateCategoriesService } from './templates/template-categories.service.js';
export { TemplateLookups } from './templates/template-lookups.js';
export { TemplateOwners } from './templates/template-owners.js';
export { TemplatesService, textsOf, type TemplateDraft } from './templates/templates.service.js';
export { effectiveLeaseMs, type Timing } from './shared/timing.js';
export { PollRecorder } from './batches/track/record-polls.js';
export { TrackBatchesService } from './batches/track/track-batches.service.js';
export { AccountsModule } from './accounts/accounts.module.js';
export { AttachmentsModule } from './attachments/attachments.module.js';
export { AudienceModule } from './audience/audience.module.js';
export { BatchesModule } from './batches/batches.module.js';
export { FollowingModule } from './batches/following.module.js';
export { ApplyPushService } from './batches/track/apply-push.service.js';
export { DoctorModule } from './doctor/doctor.module.js';
export { MessagesModule } from './messages/messages.module.js';
export { RoutesModule } from './routes/routes.module.js';
export { ChangeRoutesService, type GivenRoute } from './routes/change-routes.service.js';
export { DryRunRoutesService, type DryRun } from './routes/dry-run-routes.service.js';
export { HaltRoutesService } from './routes/halt-routes.service.js';
export { RoutesInForce } from './routes/routes-in-force.js';
export { presentExample, ShadowRoutesService } from './routes/shadow-routes.service.js';
export { RetentionModule } from './retention/retention.module.js';
export { ErasingModule, PrivacyModule } from './privacy/privacy.module.js';
export { ProvidersModule, type Connected } from './shared/providers.module.js';
export { SharedModule } from './shared/shared.module.js';
export { SuppressionsModule } from './suppressions/suppressions.module.js';
export { TemplatesModule } from './templates/templates.module.js';
export { BATCH_TYPE } from './webhooks/body.js';
export { ReplayService, type ReplayWish } from './webhooks/replay.service.js';
export { hideValues } from './webhooks/signing/header-seal.js';
export { WebhookKeys } from './webhooks/signing/keys.js';
export { WebhookLoop } from './webhooks/send/webhook-loop.js';
export { TestEndpointService } from './webhooks/test-endpoint.service.js';
export { WebhookEndpointsService, type NewEndpoint, type ShownKey } from './webhooks/endpoints.service.js';
export { WebhookSendingModule, WebhooksModule } from './webhooks/webhooks.module.js';
