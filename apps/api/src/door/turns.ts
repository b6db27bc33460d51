/** The kind of a request: `urgent` ones come first and have a reserve of their own. */
export type Urgency = 'urgent' | 'ordinary';

export interface Work {
  readonly client: string;
  readonly urgency: Urgency;
  /** How many turns it counts as. */
  readonly weight: number;
}

/** Why no turn came in time: the client's own requests were in the way, or everybody's. */
export type NoTurn = 'client' | 'all';

export interface TurnLimits {
  /** Turns for requests that are not urgent. Asked each time: uploads take some of the same connections. */
  readonly ordinary: () => number;
  /** More of them for urgent requests. */
  readonly reserve: number;
  readonly perClient: number;
  readonly patienceMs: number;
}

interface Waiting extends Work {
  readonly admit: () => void;
}

/**
 * Decides whose request is next. Each client has a queue of its own, and the queues are served in rotation, so that a client with a
 * thousand requests delays another client's single one by no more than what is being worked on. Urgent requests are
 * served first.
 */
export class Turns {
  private readonly active = new Map<string, number>();
  /** In the order in which clients are served next. */
  private readonly queues = new Map<string, Waiting[]>();
  private total = 0;

  constructor(private readonly limits: TurnLimits) {}

  get count(): number {
    return this.total;
  }

  /**
   * @param signal ends the wait of a caller who has hung up.
   * @returns what ends the turn, or why none came in time.
   */
  async take(work: Work, signal?: AbortSignal): Promise<(() => void) | NoTurn> {
    if (!this.isBehind(work) && this.hasTurn(work)) this.add(work, 1);
    else if (!(await this.wait(work, signal))) return this.of(work.client) > 0 ? 'client' : 'all';
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.add(work, -1);
      this.next();
    };
  }

  /** Does another request of its client wait that it must not overtake? */
  private isBehind({ client, urgency }: Work): boolean {
    const queue = this.queues.get(client);
    if (queue === undefined) return false;
    return urgency === 'ordinary' || queue.some((waiting) => waiting.urgency === 'urgent');
  }

  /** One that is alone gets its turn whatever it weighs. */
  private hasTurn({ client, urgency, weight }: Work): boolean {
    const { ordinary, reserve, perClient } = this.limits;
    const most = ordinary() + (urgency === 'urgent' ? reserve : 0);
    const own = this.of(client);
    const share = perClient + (urgency === 'urgent' ? reserve : 0);
    return (own === 0 || own + weight <= share) && (this.total === 0 || this.total + weight <= most);
  }

  private next(): void {
    while (this.admitFirst('urgent') || this.admitFirst('ordinary')) continue;
  }

  private admitFirst(urgency: Urgency): boolean {
    for (const [client, queue] of this.queues) {
      const found = queue.find((waiting) => waiting.urgency === urgency);
      if (found === undefined || !this.hasTurn(found)) continue;
      // To the end of the rotation.
      this.queues.delete(client);
      this.queues.set(client, queue);
      found.admit();
      return true;
    }
    return false;
  }

  private wait(work: Work, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (came: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.leave(entry);
        if (came) this.add(work, 1);
        resolve(came);
      };
      const giveUp = (): void => {
        end(false);
        // Those behind a heavy request may fit where it did not.
        this.next();
      };
      const entry: Waiting = { ...work, admit: () => end(true) };
      const timer = setTimeout(giveUp, this.limits.patienceMs);
      signal?.addEventListener('abort', giveUp);
      const queue = this.queues.get(work.client);
      if (queue === undefined) this.queues.set(work.client, [entry]);
      else queue.push(entry);
      if (signal?.aborted) giveUp();
    });
  }

  private leave(entry: Waiting): void {
    const queue = this.queues.get(entry.client) ?? [];
    const index = queue.indexOf(entry);
    if (index >= 0) queue.splice(index, 1);
    if (queue.length === 0) this.queues.delete(entry.client);
  }

  private of(client: string): number {
    return this.active.get(client) ?? 0;
  }

  private add({ client, weight }: Work, sign: 1 | -1): void {
    this.total += sign * weight;
    const left = this.of(client) + sign * weight;
    if (left === 0) this.active.delete(client);
    else this.active.set(client, left);
  }
}
