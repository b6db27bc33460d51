import { Module, type DynamicModule } from '@nestjs/common';
import { FollowingModule } from '@gateway/delivery';
import type { ProviderAccount } from '@gateway/providers';
import { InboundAccounts } from './inbound-accounts.js';
import { InboundController } from './inbound.controller.js';

/** The door for the pushes of vendors. */
@Module({ imports: [FollowingModule], controllers: [InboundController] })
export class InboundApiModule {
  static forRoot(accounts: readonly ProviderAccount[]): DynamicModule {
    const inbound = { provide: InboundAccounts, useFactory: () => new InboundAccounts(accounts) };
    return { module: InboundApiModule, providers: [inbound], exports: [inbound] };
  }
}
