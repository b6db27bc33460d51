import { AudienceModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { ImportController } from './import.controller.js';
import { ContactsController } from './contacts.controller.js';
import { MembersController } from './members.controller.js';
import { PushController } from './push.controller.js';
import { GroupsController } from './groups.controller.js';

/** Contacts and groups. */
@Module({
  imports: [AudienceModule],
  controllers: [ImportController, ContactsController, MembersController, PushController, GroupsController],
})
export class AudienceApiModule {}
