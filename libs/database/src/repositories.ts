import { AccessRepository } from './access/access.repository.js';
import { ConsoleSessionRepository } from './access/console-session.repository.js';
import { AccountStoreRepository } from './accounts/account-store.repository.js';
import { ProviderAccountRepository } from './accounts/provider-account.repository.js';
import { StrandedAccountRepository } from './accounts/stranded-account.repository.js';
import { QuotaRepository } from './accounts/quota.repository.js';
import { ProviderFeatureRepository } from './accounts/provider-feature.repository.js';
import { ProviderUpdatesRepository } from './accounts/provider-updates.repository.js';
import { KeyPaceRepository } from './access/key-pace.repository.js';
import { AuditRepository } from './audit/audit.repository.js';
import { AttachmentCopyRepository } from './attachments/attachment-copy.repository.js';
import { AttachmentRepository } from './attachments/attachment.repository.js';
import { AudienceRepository } from './audience/audience.repository.js';
import { ContactImportRepository } from './audience/contact-import.repository.js';
import { ContactRepository } from './audience/contact.repository.js';
import { GroupCopyRepository } from './audience/group-copy.repository.js';
import { GroupRepository } from './audience/group.repository.js';
import { ListMemberRepository } from './audience/list-member.repository.js';
import { ContentKeyRepository } from './contents/content-key.repository.js';
import { BatchTransitions } from './batches/transitions.js';
import { AttemptRepository } from './batches/dispatch/attempt.repository.js';
import { HalvingRepository } from './batches/dispatch/halving.repository.js';
import { HintRepository } from './batches/track/hint.repository.js';
import { ListedRecipientRepository } from './batches/track/listed-recipient.repository.js';
import { OutboundRepository } from './batches/dispatch/outbound.repository.js';
import { ReconcileRepository } from './batches/recover/reconcile.repository.js';
import { RecoveryRepository } from './batches/recover/recovery.repository.js';
import { TrackingRepository } from './batches/track/tracking.repository.js';
import { WorkloadRepository } from './batches/workload.repository.js';
import { EventRepository } from './events/event.repository.js';
import { LogHorizon } from './events/log-horizon.js';
import { DiagnosisRepository } from './messages/diagnosis.repository.js';
import { IdempotencyRepository } from './messages/idempotency.repository.js';
import { MessageStateRepository } from './messages/message-state.repository.js';
import { MessageRepository } from './messages/message.repository.js';
import { RecipientRepository } from './messages/recipient.repository.js';
import { RouteRepository } from './routes/route.repository.js';
import { RouteShadowRepository } from './routes/route-shadow.repository.js';
import { StatisticRepository } from './statistics/statistic.repository.js';
import { SubjectRepository } from './messages/subject.repository.js';
import { SenderDomainRepository } from './messages/sender-domain.repository.js';
import { SuppressionCopyRepository } from './suppressions/suppression-copy.repository.js';
import { SuppressionSyncRepository } from './suppressions/suppression-sync.repository.js';
import { SuppressionRepository } from './suppressions/suppression.repository.js';
import { TemplateCategoryRepository } from './templates/template-category.repository.js';
import { TemplateCopyRepository } from './templates/template-copy.repository.js';
import { TemplateRepository } from './templates/template.repository.js';
import { WebhookDeliveryRepository } from './webhooks/webhook-delivery.repository.js';
import { WebhookEndpointRepository } from './webhooks/webhook-endpoint.repository.js';
import { WebhookWorkRepository } from './webhooks/webhook-work.repository.js';
import { ErasureRepository } from './privacy/erasure.repository.js';
import { EraseMailRepository } from './privacy/erase-mail.repository.js';
import { ErasePersonRepository } from './privacy/erase-person.repository.js';
import { MentionsRepository } from './privacy/mentions.repository.js';
import { PersonTracesRepository } from './privacy/person-traces.repository.js';
import { IntegrityRepository } from './upkeep/integrity.repository.js';
import { RetentionRepository } from './upkeep/retention.repository.js';

/** All of them; each exists once in a process. */
export const repositories = [
  AccessRepository,
  KeyPaceRepository,
  AuditRepository,
  ConsoleSessionRepository,
  AccountStoreRepository,
  ProviderAccountRepository,
  StrandedAccountRepository,
  ProviderFeatureRepository,
  ProviderUpdatesRepository,
  QuotaRepository,
  AttachmentCopyRepository,
  AttachmentRepository,
  AudienceRepository,
  ContactImportRepository,
  ContentKeyRepository,
  ContactRepository,
  GroupCopyRepository,
  GroupRepository,
  ListMemberRepository,
  AttemptRepository,
  BatchTransitions,
  HalvingRepository,
  HintRepository,
  ListedRecipientRepository,
  OutboundRepository,
  ReconcileRepository,
  RecoveryRepository,
  TrackingRepository,
  WorkloadRepository,
  EventRepository,
  LogHorizon,
  DiagnosisRepository,
  IdempotencyRepository,
  MessageStateRepository,
  MessageRepository,
  RecipientRepository,
  RouteRepository,
  RouteShadowRepository,
  SenderDomainRepository,
  StatisticRepository,
  SubjectRepository,
  SuppressionCopyRepository,
  SuppressionSyncRepository,
  SuppressionRepository,
  TemplateCategoryRepository,
  TemplateCopyRepository,
  TemplateRepository,
  IntegrityRepository,
  RetentionRepository,
  ErasureRepository,
  EraseMailRepository,
  ErasePersonRepository,
  MentionsRepository,
  PersonTracesRepository,
  WebhookDeliveryRepository,
  WebhookEndpointRepository,
  WebhookWorkRepository,
] as const;
