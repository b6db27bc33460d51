import type { AccessRepository } from '@gateway/database';
import type { Logger } from '@gateway/platform';

/** From the first use to the note, which many more requests share. */
const NOTE_AFTER_MS = 1000;

/** Notes when keys were used: one statement for all requests of a second. */
export class NotedUses {
  private used = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: Pick<AccessRepository, 'noteUse'>,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  note(keyId: string): void {
    this.used.add(keyId);
    this.timer ??= setTimeout(() => void this.flush(), NOTE_AFTER_MS).unref();
  }

  /** What is lost with the database says nothing wrong: the next use is noted again. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.used.size === 0) return;
    const used = [...this.used];
    this.used = new Set();
    try {
      await this.repository.noteUse(used);
    } catch (error) {
      this.log.warn({ err: error }, 'the last use of some keys could not be noted');
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }
}
