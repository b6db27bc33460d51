import { Inject, Injectable } from '@nestjs/common';
import { AudienceRepository, Database, StrandedAccountRepository } from '@gateway/database';
import { CONFIG } from '@gateway/platform';
import { unconfigured } from '../../accounts/configured-accounts.js';
import { Recorder } from '../../shared/record.js';
import type { Timing } from '../../shared/timing.js';

/** Messages to audiences whose account is gone before their recipients are known. */
@Injectable()
export class StrandedAudiences {
  constructor(
    private readonly database: Database,
    private readonly accounts: StrandedAccountRepository,
    private readonly audiences: AudienceRepository,
    private readonly recorder: Recorder,
    @Inject(CONFIG) private readonly timing: Pick<Timing, 'expireMs'>,
  ) {}

  /** @param to accounts that are open, by preference. */
  async sweep(from: readonly string[], to: readonly string[]): Promise<void> {
    if (from.length === 0) return;
    const { database, accounts, audiences, recorder, timing } = this;
    await accounts.moveAudiences(from, to);
    await database.transaction(async (tx) => {
      const late = await accounts.findLateAudiences(tx, from, timing.expireMs);
      for (const { id, provider } of late) {
        await audiences.fail(tx, id, `The audience was not expanded: ${unconfigured(provider)}.`);
      }
      await recorder.completion(tx, ...late.map(({ id }) => id));
    });
  }
}
