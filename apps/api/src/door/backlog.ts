import type { Waiting } from '@gateway/database';
import type { DoorLimits } from '@gateway/platform';

const FRESH_MS = 1000;
/** At most a hundredth of the time is spent on counting, however long the queue is. */
const TIMES_ITS_COST = 100;

/** Is more waiting for dispatch than there may be? Asked by every request, looked up now and then. */
export class Backlog {
  private known: Waiting | undefined;
  private staleAt = -Infinity;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly find: () => Promise<Waiting>,
    private readonly limits: Pick<DoorLimits, 'maxWaitingBatches' | 'maxWaitingRecipients'>,
  ) {}

  /** Waits for the first look only: what was known a moment ago is good enough. A failed look is no reason to refuse. */
  async isFull(): Promise<boolean> {
    const { maxWaitingBatches, maxWaitingRecipients } = this.limits;
    if (maxWaitingBatches === 0 && maxWaitingRecipients === 0) return false;
    if (performance.now() >= this.staleAt) this.looking ??= this.look().finally(() => (this.looking = undefined));
    if (this.known === undefined) await this.looking;
    const { batches, recipients } = this.known ?? { batches: 0, recipients: 0 };
    return exceeds(batches, maxWaitingBatches) || exceeds(recipients, maxWaitingRecipients);
  }

  private async look(): Promise<void> {
    const started = performance.now();
    try {
      this.known = await this.find();
    } catch {
      // The request meets the same database next, and says what is wrong with it.
      this.known ??= { batches: 0, recipients: 0 };
    }
    const ended = performance.now();
    this.staleAt = ended + Math.max(FRESH_MS, (ended - started) * TIMES_ITS_COST);
  }
}

const exceeds = (count: number, most: number): boolean => most > 0 && count > most;
