import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { EmailProvider } from '@gateway/core';
import { ProviderAccountRepository, type ProviderAccountState } from '@gateway/database';
import { NeedsScope } from '../access/scopes.js';
import { Documented } from '../docs/operation.js';
import { listProviders } from '../docs/provider-operations.js';
import { Providers } from './providers.js';

/** The provider accounts: what they can do and how they are. */
@ApiTags('Providers')
@Controller('v1/providers')
@NeedsScope('providers')
export class ProvidersController {
  constructor(
    private readonly providers: Providers,
    private readonly accounts: ProviderAccountRepository,
  ) {}

  @Get()
  @Documented(listProviders)
  async list(): Promise<unknown> {
    const { all, sandbox } = this.providers;
    const states = new Map((await this.accounts.find(all.map(({ name }) => name))).map((state) => [state.name, state]));
    return { data: all.map((provider) => present(provider, states.get(provider.name), sandbox)), nextCursor: null };
  }
}

function present(provider: EmailProvider, state: ProviderAccountState | undefined, sandbox: boolean): unknown {
  const { limits, features, forbiddenHeaders } = provider.capabilities;
  const used = state?.usedThisMonth ?? 0;
  const monthly = limits.recipientsPerMonth;
  return {
    name: provider.name,
    kind: provider.kind,
    version: provider.version,
    sandbox,
    capabilities: { ...features, forbiddenHeaders },
    limits,
    quota: {
      recipientsPerMonth: monthly ?? null,
      usedThisMonth: used,
      leftThisMonth: monthly === undefined ? null : Math.max(0, monthly - used),
    },
    health: {
      status: healthOf(state),
      paused: state?.pausedAt != null,
      pauseReason: state?.pauseReason ?? null,
      lastSuccessAt: state?.lastSuccess?.toISOString() ?? null,
      lastFailureAt: state?.lastFailure?.toISOString() ?? null,
      lastFailure: state?.failureWords ?? null,
    },
  };
}

/** `unknown` before the first request; `failing` when the last word was a failure. */
function healthOf(state: ProviderAccountState | undefined): 'unknown' | 'ok' | 'failing' | 'paused' {
  if (state?.pausedAt != null) return 'paused';
  if (state?.lastFailure == null) return state?.lastSuccess == null ? 'unknown' : 'ok';
  return state.lastSuccess !== null && state.lastSuccess > state.lastFailure ? 'ok' : 'failing';
}
