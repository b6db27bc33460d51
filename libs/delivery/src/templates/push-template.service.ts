import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@gateway/platform';
import {
  GatewayProblem,
  ProviderRefusedError,
  encodeId,
  type OutboundTemplate,
  type StandingTemplate,
} from '@gateway/core';
import {
  AttachmentRepository,
  type ClaimedTemplateCopy,
  TemplateCopyRepository,
  TemplateRepository,
  type TemplateRow,
} from '@gateway/database';
import { administer } from '../accounts/administer.js';
import { CategoryCopies } from './category-copies.js';
import { accountOf, unsupported, type TemplateAccount } from './provider-part.js';
import { textsOf } from './templates.service.js';
import { AccountStores } from '../shared/account-stores.js';
import { ProviderDirectory } from '../shared/provider-directory.js';
import type { Timing } from '../shared/timing.js';

/** A template at an account. */
export interface PushedTemplate {
  readonly provider: string;
  readonly providerTemplateId: string;
  readonly version: number;
  /** The parts that the provider cannot keep: sentences for people. */
  readonly warnings: readonly string[];
}

/** A push makes a few calls, one after the other; so much longer than one of them it may take. */
const CALLS_OF_A_PUSH = 4;

/** Makes and updates the providers' own templates. */
@Injectable()
export class PushTemplateService {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly copies: TemplateCopyRepository,
    private readonly categoryCopies: CategoryCopies,
    private readonly attachments: AttachmentRepository,
    private readonly providers: ProviderDirectory,
    private readonly stores: AccountStores,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /**
   * @returns `undefined` when the template does not exist.
   * @throws GatewayProblem when the account can't have it or does not answer; pushing again is always safe.
   */
  async execute(clientId: string, id: string, provider: string): Promise<PushedTemplate | undefined> {
    const row = await this.templates.find(clientId, id);
    if (row === undefined || row.deletedAt !== null) return undefined;
    const named = accountOf(this.providers.all, provider, '/provider');
    const account = { ...named, store: await this.stores.of(provider) };
    const from = senderOf(row, account);
    const reasons = account.part.obstaclesTo({ content: textsOf(row) });
    if (reasons.length > 0) throw unsupported(provider, '/provider', reasons);
    const { providerTimeoutMs } = this.timing;
    const withinMs = providerTimeoutMs * CALLS_OF_A_PUSH;
    const copy = await this.copies.claim(id, account.store, withinMs + providerTimeoutMs);
    if (copy === undefined) throw busy();
    try {
      return await administer({ account: provider, withinMs }, (signal) =>
        this.push({ row, from, clientId, copy, account, signal }),
      );
    } finally {
      await this.copies.release(copy);
    }
  }

  private async push(job: Job): Promise<PushedTemplate> {
    const { row, account } = job;
    const { template, standing } = await this.settled(job);
    await this.copies.save({
      templateId: row.id,
      provider: account.store,
      providerTemplateId: standing.id,
      providerCategoryId: template.categoryId ?? null,
      version: row.version,
      fingerprint: standing.fingerprint,
      removed: false,
    });
    const warnings = account.part.lossesOf(template);
    return { provider: account.name, providerTemplateId: standing.id, version: row.version, warnings };
  }

  private async settled(job: Job): Promise<Pushed> {
    try {
      return await this.pushInto(job);
    } catch (error) {
      if (!(error instanceof ProviderRefusedError)) throw error;
      // The template was certainly not created, so a template of the same name there must not be adopted later.
      if (job.copy.began) await this.copies.forget(job.row.id, job.account.store);
      if (!error.notFound || job.row.categoryId === null) throw error;
      // Somebody has removed the category there.
      await this.categoryCopies.forgetGone(job.row.categoryId, job.account, job.signal);
      return this.pushInto(job);
    }
  }

  private async pushInto(job: Job): Promise<Pushed> {
    const template = await this.outbound(job);
    return { template, standing: await this.write(job, template) };
  }

  private async outbound({ row, from, clientId, account, signal }: Job): Promise<OutboundTemplate> {
    const categoryId = await this.categoryCopies.ensurePath(row.categoryId, account, signal);
    return {
      id: encodeId('template', row.id),
      name: row.name,
      description: row.description,
      enabled: row.enabled,
      from,
      content: textsOf(row),
      ...(categoryId !== undefined && { categoryId }),
      fileIds: await this.upload(clientId, row.attachmentIds, account, signal),
    };
  }

  /** Files are uploaded again with every push: how long a provider keeps those of templates is not documented. */
  private async upload(
    clientId: string,
    ids: readonly string[],
    { part }: TemplateAccount,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (part.upload === undefined) return ids;
    const fileIds: string[] = [];
    for (const id of ids) {
      const file = await this.attachments.findById(clientId, id);
      if (file === null) throw attachmentGone();
      await this.attachments.expectReadable(id);
      fileIds.push(await part.upload({ ...file, content: this.attachments.readContent(file) }, signal));
    }
    return fileIds;
  }

  /** Updates the template there, undoes its removal, or creates it. */
  private async write(job: Job, template: OutboundTemplate): Promise<StandingTemplate> {
    const { account, signal } = job;
    const { part } = account;
    const id = await this.standingId(job, template);
    if (id === undefined) return part.create(template, signal);
    const { providerCategoryId } = job.copy;
    const before = providerCategoryId === null ? {} : { categoryId: providerCategoryId };
    try {
      if (job.copy.removed) await part.restore?.(id, signal);
      return await part.update(id, template, before, signal);
    } catch (error) {
      const gone =
        error instanceof ProviderRefusedError && error.notFound && (await part.get(id, signal)) === undefined;
      if (!gone) throw error;
      return part.create(template, signal);
    }
  }

  private async standingId({ copy, account, signal }: Job, template: OutboundTemplate): Promise<string | undefined> {
    const { templateId, providerTemplateId, removed, began } = copy;
    if (providerTemplateId !== null) {
      return removed && account.part.restore === undefined ? undefined : providerTemplateId;
    }
    if (began) return undefined;
    const found = await account.part.find(template, signal);
    if (found === undefined || (await this.copies.isTaken(account.store, found, templateId))) return undefined;
    return found;
  }
}

interface Pushed {
  readonly template: OutboundTemplate;
  readonly standing: StandingTemplate;
}

interface Job {
  readonly row: TemplateRow;
  readonly from: OutboundTemplate['from'];
  readonly clientId: string;
  readonly copy: ClaimedTemplateCopy;
  readonly account: TemplateAccount;
  readonly signal: AbortSignal;
}

function senderOf({ fromAddress, fromName }: TemplateRow, account: TemplateAccount): OutboundTemplate['from'] {
  if (fromAddress === null) throw unsupported(account.name, '/provider', ['its templates need a sender; give one']);
  return { address: fromAddress, ...(fromName !== null && { name: fromName }) };
}

const busy = (): GatewayProblem =>
  new GatewayProblem('idempotency_in_flight', 'This template is being pushed to this account at the moment.', {
    retryAfterSeconds: 1,
  });

const attachmentGone = (): GatewayProblem =>
  new GatewayProblem('validation_failed', 'An attachment of the template has been deleted.', {
    fieldErrors: [{ pointer: '', code: 'unknown_reference', detail: 'an attachment of the template has been deleted' }],
  });
