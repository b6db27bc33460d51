import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem, type AdministeredProvider } from '@gateway/core';
import { ProviderAccountRepository, type ProviderAccountState } from '@gateway/database';
import { NeedsScope } from '../access/scopes.js';
import { Documented } from '../docs/operation.js';
import { listProviders, pauseProvider, resumeProvider } from '../docs/provider-operations.js';
import { parseWith } from '../http/field-errors.js';
import { pause } from './providers.schema.js';
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
    const data = all.flatMap((provider) => {
      const state = states.get(provider.name);
      return state === undefined ? [] : [present(provider, state, sandbox)];
    });
    return { data, nextCursor: null };
  }

  @Post(':name/pause')
  @HttpCode(200)
  @Documented(pauseProvider)
  async pause(@Param('name') name: string, @Body() body: unknown): Promise<unknown> {
    const { reason } = parseWith(pause, body ?? {});
    const provider = this.find(name);
    await this.accounts.pause(name, reason);
    return this.present(provider);
  }

  @Post(':name/resume')
  @HttpCode(200)
  @Documented(resumeProvider)
  async resume(@Param('name') name: string): Promise<unknown> {
    const provider = this.find(name);
    await this.accounts.resume(name);
    return this.present(provider);
  }

  private find(name: string): AdministeredProvider {
    const provider = this.providers.all.find((each) => each.name === name);
    if (provider === undefined) throw new GatewayProblem('not_found', 'There is no account with this name.');
    return provider;
  }

  private async present(provider: AdministeredProvider): Promise<unknown> {
    const [state] = await this.accounts.find([provider.name]);
    return state && present(provider, state, this.providers.sandbox);
  }
}

function present(provider: AdministeredProvider, state: ProviderAccountState, sandbox: boolean): unknown {
  const { limits, features, forbiddenHeaders } = provider.capabilities;
  const monthly = limits.recipientsPerMonth ?? null;
  const used = state.usedThisMonth;
  return {
    name: provider.name,
    kind: provider.kind,
    version: provider.version,
    sandbox,
    capabilities: { ...features, forbiddenHeaders },
    limits,
    quota: {
      recipientsPerMonth: monthly,
      usedThisMonth: used,
      leftThisMonth: monthly === null ? null : Math.max(0, monthly - used),
    },
    health: {
      status: healthOf(state),
      paused: state.pausedAt !== null,
      pauseReason: state.pauseReason,
      lastSuccessAt: state.lastSuccess?.toISOString() ?? null,
      lastFailureAt: state.lastFailure?.toISOString() ?? null,
      lastFailure: state.failureWords,
    },
  };
}

/** `unknown` before the first request; `failing` when the last word was a failure. */
function healthOf({ pausedAt, lastSuccess, lastFailure }: ProviderAccountState): string {
  if (pausedAt !== null) return 'paused';
  if (lastFailure === null) return lastSuccess === null ? 'unknown' : 'ok';
  return lastSuccess !== null && lastSuccess > lastFailure ? 'ok' : 'failing';
}
