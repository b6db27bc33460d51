import { Module } from '@nestjs/common';
import { ContactsService } from './contacts.service.js';
import { GroupsService } from './groups.service.js';
import { ImportContactsService } from './import-contacts.service.js';
import { PreviewAudienceService } from './preview-audience.service.js';
import { ResolveAudienceService } from './resolve-audience.service.js';
import { ExpandAudiencesService } from './expand-audiences.service.js';
import { ListAccounts } from './lists/list-accounts.js';
import { ListNamer } from './lists/list-namer.js';
import { ListTargets } from './lists/list-targets.js';
import { GroupCopier } from './lists/group-copier.js';
import { KeepListsService } from './lists/keep-lists.service.js';
import { ProviderListsService } from './lists/provider-lists.service.js';
import { PushGroupService } from './lists/push-group.service.js';
import { ResolveListsService } from './lists/resolve-lists.service.js';

const services = [
  ContactsService,
  GroupsService,
  ImportContactsService,
  PreviewAudienceService,
  ResolveAudienceService,
  ExpandAudiencesService,
  ListAccounts,
  ListNamer,
  ListTargets,
  GroupCopier,
  KeepListsService,
  ProviderListsService,
  PushGroupService,
  ResolveListsService,
];

/** Contacts, groups, and the lists that accounts keep of them. */
@Module({ providers: services, exports: services })
export class AudienceModule {}
