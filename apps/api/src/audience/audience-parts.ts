import type { EmailProvider } from '@gateway/core';
import {
  AudienceRepository,
  ContactImportRepository,
  ContactRepository,
  GroupRepository,
  type Database,
} from '@gateway/database';
import {
  ContactsService,
  GroupsService,
  ImportContactsService,
  PreviewAudienceService,
  ResolveAudienceService,
} from '@gateway/delivery';

/** What the calls of contacts and groups need, for Nest's container. */
export function audienceParts(database: Database, providers: readonly EmailProvider[]): object[] {
  const contacts = new ContactRepository(database);
  const groups = new GroupRepository(database);
  return [
    database,
    contacts,
    groups,
    new ContactsService(contacts, groups),
    new GroupsService(groups),
    new ImportContactsService(new ContactImportRepository(), groups),
    new PreviewAudienceService(new AudienceRepository(database), providers),
  ];
}

/** For who reads messages that name groups. */
export const resolvingAudiences = (database: Database): ResolveAudienceService =>
  new ResolveAudienceService(database, new GroupRepository(database));
