import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayProblem, type AdministeredProvider, type TemplateArchives } from '@gateway/core';
import { administer } from '../administration/administer.js';
import { accountOf, unsupported } from './provider-part.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** So much longer than one call it may take; most of it is waiting for the account to make it. */
const CALLS_OF_A_BACKUP = 4;

/** Backups of an account's templates in the provider's own form, which are passed on as they are. */
export class TemplateArchivesService {
  constructor(
    private readonly providers: readonly AdministeredProvider[],
    private readonly timeoutMs: number,
  ) {}

  /** Asks for a backup and waits for it. @throws GatewayProblem `overloaded` when it takes too long. */
  take(provider: string): Promise<Buffer> {
    const archives = this.archivesOf(provider, '/from');
    return administer({ account: provider, withinMs: this.timeoutMs * CALLS_OF_A_BACKUP }, async (signal) => {
      const id = await archives.request(signal);
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        const state = await archives.stateOf(id, signal);
        if (state === 'ready') return archives.read(id, signal);
        if (state === 'gone') throw notMade(provider);
        await sleep(pause);
        signal.throwIfAborted();
      }
    });
  }

  /** Puts a backup back; what stands there by the same name is not replaced. @returns how many templates it added. */
  put(provider: string, archive: Buffer): Promise<number> {
    const archives = this.archivesOf(provider, '/provider');
    return administer({ account: provider, withinMs: this.timeoutMs * CALLS_OF_A_BACKUP }, (signal) =>
      archives.put(archive, signal),
    );
  }

  private archivesOf(provider: string, pointer: string): TemplateArchives {
    const { archives } = accountOf(this.providers, provider, pointer).part;
    if (archives === undefined) throw unsupported(provider, pointer, ['it makes no backups of templates']);
    return archives;
  }
}

const notMade = (provider: string): GatewayProblem =>
  new GatewayProblem('overloaded', `${provider} has not kept the backup.`, { retryAfterSeconds: 30 });
