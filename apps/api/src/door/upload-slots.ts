/** Why an upload found no slot in time: its client uses its whole share, or all slots are in use. */
export type NoSlot = 'client' | 'all';

interface Waiting {
  readonly client: string;
  readonly admit: () => void;
}

/**
 * A number of uploads go on at the same time, of each client at most `maxOfClient`. The next ones wait a moment, first
 * come, first served among those whose client has a slot left.
 */
export class UploadSlots {
  private readonly taken = new Map<string, number>();
  private readonly waiting: Waiting[] = [];
  private total = 0;

  constructor(
    private readonly limits: { readonly max: number; readonly maxOfClient: number; readonly patienceMs: number },
  ) {}

  get count(): number {
    return this.total;
  }

  /**
   * @param signal ends the wait of a caller who has hung up.
   * @returns what gives the slot back, or why none became free in time.
   */
  async take(client: string, signal?: AbortSignal): Promise<(() => void) | NoSlot> {
    if (this.hasRoom(client)) this.add(client, 1);
    else if (!(await this.wait(client, signal))) return this.of(client) >= this.limits.maxOfClient ? 'client' : 'all';
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.add(client, -1);
      this.next();
    };
  }

  private hasRoom(client: string): boolean {
    return this.total < this.limits.max && this.of(client) < this.limits.maxOfClient;
  }

  private next(): void {
    const index = this.waiting.findIndex(({ client }) => this.hasRoom(client));
    if (index >= 0) this.waiting.splice(index, 1)[0]?.admit();
  }

  private wait(client: string, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (came: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        const index = this.waiting.indexOf(entry);
        if (index >= 0) this.waiting.splice(index, 1);
        resolve(came);
      };
      const giveUp = (): void => end(false);
      const admit = (): void => {
        this.add(client, 1);
        end(true);
      };
      const entry: Waiting = { client, admit };
      const timer = setTimeout(giveUp, this.limits.patienceMs);
      signal?.addEventListener('abort', giveUp);
      this.waiting.push(entry);
      if (signal?.aborted) giveUp();
    });
  }

  private of(client: string): number {
    return this.taken.get(client) ?? 0;
  }

  private add(client: string, by: number): void {
    this.total += by;
    const left = this.of(client) + by;
    if (left === 0) this.taken.delete(client);
    else this.taken.set(client, left);
  }
}
