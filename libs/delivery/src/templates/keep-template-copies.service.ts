import { Inject, Injectable } from '@nestjs/common';
import { GatewayProblem, ProviderRefusedError } from '@gateway/core';
import {
  type DueTemplateCopy,
  type TemplateCategoryRemovalRow,
  TemplateCategoryRepository,
  TemplateCopyRepository,
} from '@gateway/database';
import { CONFIG, LOGGER, type Logger } from '@gateway/platform';
import { administer } from '../accounts/administer.js';
import { ProviderDirectory } from '../shared/provider-directory.js';
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
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async sweep(): Promise<void> {
    const { templateCopies, categories, providers, timing } = this;
    for (const copy of await templateCopies.takeDue(providers.names, timing.retryMaxMs, TAKEN_AT_ONCE)) {
      if (await this.done('a template', () => this.keep(copy))) await templateCopies.settle(copy);
    }
    for (const row of await categories.takeRemovals(providers.names, timing.retryMaxMs, TAKEN_AT_ONCE)) {
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
    if (copy.deleted) await this.remove(copy, copy.providerTemplateId);
    else await this.push.execute(copy.clientId, copy.templateId, copy.provider);
  }

  private async remove({ templateId, provider }: DueTemplateCopy, providerTemplateId: string): Promise<void> {
    const { templateCopies, timing } = this;
    const part = this.providers.find(provider)?.templates;
    const withinMs = timing.providerTimeoutMs;
    const claimed = await templateCopies.claim(templateId, provider, 2 * withinMs);
    if (claimed === undefined) throw new GatewayProblem('overloaded', 'The template is being pushed at the moment.');
    try {
      await administer({ account: provider, withinMs }, async (signal) => part?.remove(providerTemplateId, signal));
      await templateCopies.setRemoved(templateId, provider);
    } finally {
      await templateCopies.release(claimed);
    }
  }

  private async removeCategory({ provider, providerCategoryId, attempts }: TemplateCategoryRemovalRow): Promise<void> {
    const part = this.providers.find(provider)?.templates;
    const call = { account: provider, withinMs: this.timing.providerTimeoutMs };
    try {
      await administer(call, async (signal) => part?.removeCategory(providerCategoryId, signal));
    } catch (error) {
      const refused = error instanceof GatewayProblem && error.cause instanceof ProviderRefusedError;
      if (!refused || attempts < MOST_REFUSALS) throw error;
    }
  }
}
