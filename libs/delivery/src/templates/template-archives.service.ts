import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@gateway/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayProblem, type TemplateArchives } from '@gateway/core';
import { administer } from '../accounts/administer.js';
import { accountOf, unsupported } from './provider-part.js';
import { ProviderDirectory } from '../shared/provider-directory.js';
import type { Timing } from '../shared/timing.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** Time limit of a backup, as a multiple of that of one call; most of it is waiting for the account. */
const CALLS_OF_A_BACKUP = 4;

/** Backups of an account's templates in the provider's own form, which are passed on as they are. */
@Injectable()
export class TemplateArchivesService {
  constructor(
    private readonly providers: ProviderDirectory,
    @Inject(CONFIG) private readonly timing: Timing,
  ) {}

  /** Asks for a backup and waits for it. @throws GatewayProblem `overloaded` when it takes too long. */
  take(provider: string): Promise<Buffer> {
    const archives = this.archivesOf(provider, '/from');
    return administer(
      { account: provider, withinMs: this.timing.providerTimeoutMs * CALLS_OF_A_BACKUP },
      async (signal) => {
        const id = await archives.request(signal);
        for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
          const state = await archives.stateOf(id, signal);
          if (state === 'ready') return archives.read(id, signal);
          if (state === 'gone') throw notMade(provider);
          await sleep(pause);
          signal.throwIfAborted();
        }
      },
    );
  }

  /** Writes a backup back; templates with the same name are not replaced. @returns the number of added templates. */
  put(provider: string, archive: Buffer): Promise<number> {
    const archives = this.archivesOf(provider, '/provider');
    return administer({ account: provider, withinMs: this.timing.providerTimeoutMs * CALLS_OF_A_BACKUP }, (signal) =>
      archives.put(archive, signal),
    );
  }

  private archivesOf(provider: string, pointer: string): TemplateArchives {
    const { archives } = accountOf(this.providers.all, provider, pointer).part;
    if (archives === undefined) throw unsupported(provider, pointer, ['it makes no backups of templates']);
    return archives;
  }
}

const notMade = (provider: string): GatewayProblem =>
  new GatewayProblem('overloaded', `${provider} has not kept the backup.`, { retryAfterSeconds: 30 });
