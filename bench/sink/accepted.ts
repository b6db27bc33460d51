import { PAGE } from './body.js';

/** A send that was taken. Texts are JSON as they came, `null` where there was none. */
export interface Accepted {
  readonly id: string;
  readonly at: number;
  readonly pages: readonly string[];
  readonly count: number;
  /** Recipients of one mail. */
  readonly perMail: number;
  readonly sender: string;
  readonly senderName: string;
  readonly title: string;
  /** The caller's key for look-ups. */
  readonly marker: string;
  readonly headers: string;
  readonly advertising: boolean;
}

/** Addresses of a request from a place on. */
export function addressesOf({ pages, count }: Accepted, from: number, most: number): readonly string[] {
  const to = Math.min(from + most, count);
  if (from >= to) return [];
  const first = Math.floor(from / PAGE);
  const parts = pages.slice(first, Math.ceil(to / PAGE)).flatMap((page) => page.split('\n'));
  return parts.length === to - from ? parts : parts.slice(from - first * PAGE, to - first * PAGE);
}

/** Requests that arrived at one of the sink's endpoints. Times are of the wall clock, in milliseconds. */
export class Tally {
  requests = 0;
  recipients = 0;
  /** Of bodies that were sent. */
  bytes = 0;
  /** Look-ups, counters and pages. */
  questions = 0;
  firstAt: number | undefined;
  lastAt: number | undefined;

  taken(recipients: number): number {
    const now = performance.timeOrigin + performance.now();
    this.requests += 1;
    this.recipients += recipients;
    this.firstAt ??= now;
    this.lastAt = now;
    return now;
  }
}

/** Requests that one vendor has accepted. */
export class Ledger {
  tally = new Tally();
  private readonly byId = new Map<string, Accepted>();

  add(accepted: Accepted): void {
    this.byId.set(accepted.id, accepted);
  }

  find(id: string): Accepted | undefined {
    return this.byId.get(id);
  }

  filter(wanted: (accepted: Accepted) => boolean): readonly Accepted[] {
    return [...this.byId.values()].filter(wanted);
  }

  forget(): void {
    this.byId.clear();
    this.tally = new Tally();
  }
}

/** Are mails on their way until they are released? */
export class Gate {
  held: boolean;
  private releasedAt = 0;

  constructor(held: boolean) {
    this.held = held;
  }

  release(): void {
    this.held = false;
    this.releasedAt = Date.now();
  }

  /** When the mails of a request arrived; nothing while they are held. */
  deliveredAt({ at }: Accepted): number | undefined {
    return this.held ? undefined : Math.round(Math.max(at, this.releasedAt));
  }
}

/** Whole milliseconds since 1970 in Korean time: `yyyy-MM-ddTHH:mm:ss.SSSZ`, the `Z` being wrong. */
export const koreanTime = (at: number): string => new Date(at + 9 * 3_600_000).toISOString();
