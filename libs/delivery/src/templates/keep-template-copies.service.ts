import { Inject, Injectable } from '@nestjs/common';
import { GatewayProblem, ProviderRefusedError, type AdministeredProvider } from '@gateway/core';
import {
  type DueTemplateCopy,
  type TemplateCategoryRemovalRow,
  TemplateCategoryRepository,
  TemplateCopyRepository,
} from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import { administer } from '../accounts/administer.js';
import { AccountStores } from '../shared/account-stores.js';
import type { Timing } from '../shared/timing.js';
import { PushTemplateService } from './push-template.service.js';

const TAKEN_AT_ONCE = 50;
/** An account that still has something of others in a category is believed after so many tries. */
const MOST_REFUSALS = 5;

/**
 * Does to the copies at accounts what was done to templates and categories here: deleted, restored. Templates that were
 * only taken over from an account, and categories that stood there before, are left alone.
 */
@Injectable()
export class KeepTemplateCopiesService {
  constructor(
    private readonly templateCopies: TemplateCopyRepository,
    private readonly categories: TemplateCategoryRepository,
    private readonly push: PushTemplateService,
    private readonly stores: AccountStores,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async sweep(): Promise<void> {
    const { templateCopies, categories, timing } = this;
    const stores = await this.stores.names('templates');
    for (const copy of await templateCopies.takeDue(stores, timing.retryMaxMs, TAKEN_AT_ONCE)) {
      if (await this.done('a template', () => this.keep(copy))) await templateCopies.settle(copy);
    }
    for (const row of await categories.takeRemovals(stores, timing.retryMaxMs, TAKEN_AT_ONCE)) {
      if (await this.done('a category', () => this.removeCategory(row))) await categories.settleRemoval(row);
    }
  }

  private async done(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof GatewayProblem)) throw error;
      this.log.warn({ err: error }, `${what} is not yet at an account as it is here; tried again later`);
      return false;
    }
  }

  private async keep(copy: DueTemplateCopy): Promise<void> {
    if (copy.version === null || copy.providerTemplateId === null || copy.removed === copy.deleted) return;
    const account = await this.stores.reach(copy.provider, 'templates');
    if (account === undefined) return;
    if (copy.deleted) await this.remove(copy, copy.providerTemplateId, account);
    else await this.push.execute(copy.clientId, copy.templateId, account.name);
  }

  private async remove(
    { templateId, provider }: DueTemplateCopy,
    providerTemplateId: string,
    { name: account, templates: part }: AdministeredProvider,
  ): Promise<void> {
    const { templateCopies, timing } = this;
    const withinMs = timing.providerTimeoutMs;
    const claimed = await templateCopies.claim(templateId, provider, 2 * withinMs);
    if (claimed === undefined) throw new GatewayProblem('overloaded', 'The template is being pushed at the moment.');
    try {
      await administer({ account, withinMs }, async (signal) => part?.remove(providerTemplateId, signal));
      await templateCopies.setRemoved(templateId, provider);
    } finally {
      await templateCopies.release(claimed);
    }
  }

  private async removeCategory({ provider, providerCategoryId, attempts }: TemplateCategoryRemovalRow): Promise<void> {
    const account = await this.stores.reach(provider, 'templates');
    const part = account?.templates;
    const call = { account: account?.name ?? provider, withinMs: this.timing.providerTimeoutMs };
    try {
      await administer(call, async (signal) => part?.removeCategory(providerCategoryId, signal));
    } catch (error) {
      const refused = error instanceof GatewayProblem && error.cause instanceof ProviderRefusedError;
      if (!refused || attempts < MOST_REFUSALS) throw error;
    }
  }
}
