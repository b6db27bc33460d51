import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GatewayProblem, type AdministeredProvider, type Capabilities } from '@gateway/core';
import {
  ProviderAccountRepository,
  ProviderFeatureRepository,
  StrandedAccountRepository,
  WorkloadRepository,
  type FeatureState,
  type ProviderAccountState,
} from '@gateway/database';
import { learntCapabilities, quotaState } from '@gateway/delivery';
import type { FastifyRequest } from 'fastify';
import { ownerOf } from '../access/access.js';
import { presentKeyId } from '../access/present-key-id.js';
import { NeedsScope } from '../http/scopes.js';
import { Audited } from '../audit/audited.js';
import { Documented } from '../openapi/operation.js';
import { drainProvider, listProviders, pauseProvider, resumeProvider } from './providers.openapi.js';
import { parseWith } from '../http/fields/field-errors.js';
import { AccountFiguresFinder, type AccountFigures } from './account-figures.js';
import { accountServices } from './account-services.js';
import { audienceCapability } from './audience-capability.js';
import { pause } from './providers.schema.js';
import { Providers } from './providers.js';
import { strandedAccounts, type StrandedAccount } from './stranded-accounts.js';
import { Idempotent } from '../idempotency/idempotent.js';

/** The provider accounts: what they can do and how they are. */
@ApiTags('Providers')
@Controller('v1/providers')
@NeedsScope('providers')
export class ProvidersController {
  constructor(
    private readonly providers: Providers,
    private readonly accounts: ProviderAccountRepository,
    private readonly features: ProviderFeatureRepository,
    private readonly stranded: StrandedAccountRepository,
    private readonly workload: WorkloadRepository,
    private readonly figures: AccountFiguresFinder,
  ) {}

  @Get()
  @Documented(listProviders)
  async list(): Promise<unknown> {
    const { all, sandbox } = this.providers;
    const states = new Map((await this.accounts.find(all.map(({ name }) => name))).map((state) => [state.name, state]));
    const features = await this.features.findAll('audience');
    const figures = await this.figures.find();
    const data = all.flatMap((provider) => {
      const state = states.get(provider.name);
      if (state === undefined) return [];
      const known = { state, sandbox, audience: features.get(provider.name), figures: figures(provider.name) };
      return [present(provider, known)];
    });
    return { data, nextCursor: null, unconfigured: await this.unconfigured() };
  }

  /** Accounts that no process has, with the mail that they still have. */
  private async unconfigured(): Promise<readonly StrandedAccount[]> {
    const own = new Set(this.providers.all.map(({ name }) => name));
    const names = (await this.stranded.findNoted()).filter((name) => !own.has(name));
    return names.length === 0 ? [] : strandedAccounts(names, (await this.workload.find()).batches);
  }

  @Post(':name/pause')
  @Audited('provider.pause')
  @NeedsScope('providers:write')
  @HttpCode(200)
  @Idempotent()
  @Documented(pauseProvider)
  async pause(@Param('name') name: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<unknown> {
    const { reason } = parseWith(pause, body ?? {});
    const provider = this.find(name);
    await this.accounts.pause(name, reason, ownerOf(request).keyId);
    return this.present(provider);
  }

  @Post(':name/drain')
  @Audited('provider.drain')
  @NeedsScope('providers:write')
  @HttpCode(200)
  @Idempotent()
  @Documented(drainProvider)
  async drain(@Param('name') name: string, @Body() body: unknown, @Req() request: FastifyRequest): Promise<unknown> {
    const { reason } = parseWith(pause, body ?? {});
    const provider = this.find(name);
    await this.accounts.drain(name, reason, ownerOf(request).keyId);
    return this.present(provider);
  }

  @Post(':name/resume')
  @Audited('provider.resume')
  @NeedsScope('providers:write')
  @HttpCode(200)
  @Idempotent()
  @Documented(resumeProvider)
  async resume(@Param('name') name: string, @Req() request: FastifyRequest): Promise<unknown> {
    const provider = this.find(name);
    await this.accounts.resume(name, ownerOf(request).keyId);
    return this.present(provider);
  }

  private find(name: string): AdministeredProvider {
    const provider = this.providers.all.find((each) => each.name === name);
    if (provider === undefined) throw new GatewayProblem('not_found', 'There is no account with this name.');
    return provider;
  }

  private async present(provider: AdministeredProvider): Promise<unknown> {
    const [state] = await this.accounts.find([provider.name]);
    const audience = await this.features.find(provider.name, 'audience');
    const figures = (await this.figures.find())(provider.name);
    return state && present(provider, { state, sandbox: this.providers.sandbox, audience, figures });
  }
}

function present(provider: AdministeredProvider, { state, sandbox, audience, figures }: Known): unknown {
  const capabilities = learntCapabilities(provider.capabilities, state);
  const { limits, features, forbiddenHeaders, rules, doubt, tracking } = capabilities;
  const { quota, ...sizes } = limits;
  return {
    name: provider.name,
    kind: provider.kind,
    version: provider.version,
    sandbox,
    capabilities: {
      doubt,
      tracking,
      ...historyOf(capabilities),
      ...features,
      forbiddenHeaders,
      rules,
      audience: audienceCapability(provider, audience),
      services: accountServices(provider),
    },
    limits: sizes,
    quota: quotaState({ ...(quota && { quota }) }, state.usedInPeriod),
    health: {
      status: healthOf(state),
      paused: state.pausedAt !== null,
      pausedBy: state.pausedBy,
      pauseReason: state.pauseReason,
      pausedByKey: presentKeyId(state.pausedByKey),
      drained: state.drainedAt !== null,
      drainedAt: state.drainedAt?.toISOString() ?? null,
      drainReason: state.drainReason,
      drainedByKey: presentKeyId(state.drainedByKey),
      resumedAt: state.resumedAt?.toISOString() ?? null,
      resumedByKey: presentKeyId(state.resumedByKey),
      lastSuccessAt: state.lastSuccess?.toISOString() ?? null,
      lastFailureAt: state.lastFailure?.toISOString() ?? null,
      lastFailure: state.failureWords,
      ...figures,
      breaker: breakerOf(state),
    },
  };
}

const historyOf = ({ historyDays }: Capabilities) => (historyDays === undefined ? {} : { historyDays });

function breakerOf({ openUntil, openForMs, openReason, failures }: ProviderAccountState): unknown {
  if (openUntil === null) return { state: 'closed', reason: null, until: null, failures };
  const state = (openForMs ?? 0) > 0 ? 'open' : 'half_open';
  return { state, reason: openReason, until: openUntil.toISOString(), failures };
}

interface Known {
  readonly state: ProviderAccountState;
  readonly sandbox: boolean;
  readonly audience: FeatureState | undefined;
  readonly figures: AccountFigures;
}

/** `unknown` before the first request; `failing` when the last word was a failure. */
function healthOf({ pausedAt, drainedAt, lastSuccess, lastFailure }: ProviderAccountState): string {
  if (drainedAt !== null) return 'drained';
  if (pausedAt !== null) return 'paused';
  if (lastFailure === null) return lastSuccess === null ? 'unknown' : 'ok';
  return lastSuccess !== null && lastSuccess > lastFailure ? 'ok' : 'failing';
}
