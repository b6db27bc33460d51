import { Module } from '@nestjs/common';
import { SendingDomains } from './sending-domains.service.js';

/** Whether receivers will trust the senders that are in use. */
@Module({ providers: [SendingDomains], exports: [SendingDomains] })
export class SendingDomainsModule {}
