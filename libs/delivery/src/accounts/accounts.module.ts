import { Module } from '@nestjs/common';
import { AccountGate } from './account-gate.js';
import { SharedAccountStates } from './account-states.js';
import { AccountHealth } from './account-health.js';
import { BounceBlockService } from './bounce-block.service.js';
import { CheckAccountService } from './check/check-account.service.js';
import { CompareStatisticsService } from './compare-statistics.service.js';
import { ConfiguredAccounts } from './configured-accounts.js';
import { DeclareQuotasService } from './quota/declare-quotas.service.js';
import { ReleaseQuotaService } from './quota/release-quota.service.js';
import { TryNewSecretsService } from './try-new-secrets.service.js';

const services = [
  SharedAccountStates,
  AccountGate,
  AccountHealth,
  ConfiguredAccounts,
  BounceBlockService,
  CheckAccountService,
  CompareStatisticsService,
  DeclareQuotasService,
  ReleaseQuotaService,
  TryNewSecretsService,
];

/** Whether an account may be sent through now, how it fares, and what is administered at it. */
@Module({ providers: services, exports: services })
export class AccountsModule {}
