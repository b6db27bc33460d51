import { Injectable } from '@nestjs/common';
import { AttemptRepository, type AttemptStart, type Begun } from '@gateway/database';
import { Coalescer } from '../../shared/coalescer.js';

/** Attempts that begin at the same time, one statement at a time: all write the row of the account's month. */
@Injectable()
export class AttemptStarts {
  private readonly starts = new Coalescer((starts: readonly AttemptStart[]) => this.startTogether(starts), {
    atOnce: 1,
    most: 100,
  });

  constructor(private readonly attempts: AttemptRepository) {}

  /** Unless it has `begun`, nothing may be posted. */
  start(start: AttemptStart): Promise<Begun> {
    return this.starts.run(start);
  }

  private async startTogether(starts: readonly AttemptStart[]): Promise<readonly Begun[]> {
    const all = [...(await this.attempts.start(starts))];
    if (starts.length === 1) return all;
    // Together they do not fit into the month: each may alone.
    for (const [i, start] of starts.entries()) {
      if (all[i] === 'over_quota') all.splice(i, 1, ...(await this.attempts.start([start])));
    }
    return all;
  }
}
