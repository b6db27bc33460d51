import { SendingDomainsModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { SendingDomainsController } from './sending-domains.controller.js';

/** The senders that are in use. */
@Module({ imports: [SendingDomainsModule], controllers: [SendingDomainsController] })
export class SendingDomainsApiModule {}
