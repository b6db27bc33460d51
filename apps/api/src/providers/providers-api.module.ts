import { AccountsModule, AudienceModule } from '@gateway/delivery';
import { Module } from '@nestjs/common';
import { AccountFiguresFinder } from './account-figures.js';
import { ProviderListsController } from './provider-lists.controller.js';
import { ProvidersController } from './providers.controller.js';
import { BounceBlockController } from './bounce-block.controller.js';
import { CheckController } from './check.controller.js';
import { Providers } from './providers.js';

/** The accounts, and what is kept at them. */
@Module({
  imports: [AccountsModule, AudienceModule],
  controllers: [ProviderListsController, ProvidersController, BounceBlockController, CheckController],
  providers: [AccountFiguresFinder, Providers],
  exports: [Providers],
})
export class ProvidersApiModule {}
