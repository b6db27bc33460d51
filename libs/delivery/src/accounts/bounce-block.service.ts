import { Injectable } from '@nestjs/common';
import { GatewayProblem, type ProviderBounceBlock } from '@gateway/core';
import { administer } from './administer.js';
import { ProviderDirectory } from '../shared/provider-directory.js';

const WITHIN_MS = 30_000;

/** For how long an account does not try an address that bounced hard, as the account says it now. */
@Injectable()
export class BounceBlockService {
  constructor(private readonly providers: ProviderDirectory) {}

  /** @throws GatewayProblem when the account has no such thing, or is away. */
  async read(provider: string): Promise<{ readonly hours: number; readonly leastHours: number }> {
    const block = this.find(provider);
    const hours = await administer({ account: provider, withinMs: WITHIN_MS }, (signal) => block.hours(signal));
    return { hours, leastHours: block.leastHours };
  }

  /** @throws GatewayProblem also when it is shorter than the account takes. */
  async change(provider: string, hours: number): Promise<{ readonly hours: number; readonly leastHours: number }> {
    const block = this.find(provider);
    if (hours < block.leastHours) {
      const detail = `${provider} takes at least ${block.leastHours} hours`;
      const fieldErrors = [{ pointer: '/hours', code: 'not_allowed' as const, detail }];
      throw new GatewayProblem('validation_failed', detail, { fieldErrors });
    }
    await administer({ account: provider, withinMs: WITHIN_MS }, (signal) => block.setHours(hours, signal));
    return this.read(provider);
  }

  private find(name: string): ProviderBounceBlock {
    const block = this.providers.find(name)?.bounceBlock;
    if (block !== undefined) return block;
    throw new GatewayProblem('not_found', 'There is no account of this name that tells how long it blocks addresses.');
  }
}
