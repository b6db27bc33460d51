import { ContactImportRepository, ContactRepository, GroupRepository, type Database } from '@gateway/database';
import { ContactsService, GroupsService, ImportContactsService } from '@gateway/delivery';

/** What the calls of contacts and groups need, for Nest's container. */
export function audienceParts(database: Database): object[] {
  const contacts = new ContactRepository(database);
  const groups = new GroupRepository(database);
  return [
    database,
    contacts,
    groups,
    new ContactsService(contacts, groups),
    new GroupsService(groups),
    new ImportContactsService(new ContactImportRepository(), groups),
  ];
}
