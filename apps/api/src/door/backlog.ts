import type { Waiting } from '@gateway/database';
import { type DoorLimits, Seldom } from '@gateway/platform';

/** At most a hundredth of the time is spent on counting, however long the queue is. */
const FRESH = { forMs: 1000, forTimesItsCost: 100 } as const;

/** Is more waiting for dispatch than there may be? Asked by every request, looked up now and then. */
export class Backlog {
  private known: Waiting | undefined;
  private readonly looks: Seldom<Waiting>;

  constructor(
    find: () => Promise<Waiting>,
    private readonly limits: Pick<DoorLimits, 'maxWaitingBatches' | 'maxWaitingRecipients'>,
  ) {
    this.looks = new Seldom(() => this.look(find), FRESH);
  }

  /** Waits for the first look only: what was known a moment ago is good enough. A failed look is no reason to refuse. */
  async isFull(): Promise<boolean> {
    const { maxWaitingBatches, maxWaitingRecipients } = this.limits;
    if (maxWaitingBatches === 0 && maxWaitingRecipients === 0) return false;
    const look = this.looks.get();
    const { batches, recipients } = this.known ?? (await look);
    return exceeds(batches, maxWaitingBatches) || exceeds(recipients, maxWaitingRecipients);
  }

  /** A failed look is not repeated sooner: the database may be out of breath. */
  private async look(find: () => Promise<Waiting>): Promise<Waiting> {
    try {
      this.known = await find();
    } catch {
      // The request meets the same database next, and says what is wrong with it.
      this.known ??= { batches: 0, recipients: 0 };
    }
    return this.known;
  }
}

const exceeds = (count: number, most: number): boolean => most > 0 && count > most;
