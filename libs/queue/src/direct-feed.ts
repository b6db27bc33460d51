import { setTimeout as sleep } from 'node:timers/promises';
import type { Lane } from './lane.js';
import type { QueueWatch } from './queue-watch.js';

/** Milliseconds between two looks for due work of a lane that had none: a login code waits this long at most. */
const IDLE_MS = 200;
/** After a failed look: the database is away as well. */
const FAILED_MS = 1000;

/**
 * Gives lanes their work from the database while the queue is away, with the same handlers and within the same
 * concurrency. The claim of a batch keeps it from being worked on twice, as with jobs (law 13).
 */
export class DirectFeed {
  private readonly loops = new Map<Lane, Promise<void>>();
  private closed = false;

  constructor(
    private readonly watch: QueueWatch,
    private readonly lanes: readonly Lane[],
    private readonly onFailed: (error: Error) => void,
  ) {
    watch.onChange(() => this.begin());
  }

  begin(): void {
    if (this.closed || !this.watch.isAway) return;
    for (const lane of this.lanes) {
      if (!this.loops.has(lane))
        this.loops.set(
          lane,
          this.feed(lane).finally(() => this.loops.delete(lane)),
        );
    }
  }

  /** Resolves when it takes nothing more; what it gave to lanes may still be worked on. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.loops.values());
  }

  private async feed(lane: Lane): Promise<void> {
    for (;;) {
      await lane.hasRoom();
      if (this.closed || !this.watch.isAway) return lane.forget();
      const pauseMs = await this.give(lane).catch((error: Error) => {
        this.onFailed(error);
        return FAILED_MS;
      });
      if (pauseMs > 0) await sleep(pauseMs);
    }
  }

  /** @returns milliseconds until the lane may have more to do. */
  private async give(lane: Lane): Promise<number> {
    const limit = lane.room;
    const due = await lane.due(limit);
    lane.give(due);
    return due.length < limit ? IDLE_MS : 0;
  }
}
