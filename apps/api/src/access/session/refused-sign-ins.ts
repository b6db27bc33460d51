import { AuditRepository, type AuditRecord } from '@gateway/database';
import { LOGGER, type Logger } from '@gateway/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { peerOf } from '../key-brake.js';

/** Milliseconds that share one entry, after the first refusal of a peer, which has one of its own. */
const WINDOW_MS = 60_000;
/** Peers with entries of their own in that time; the others share one. */
const MOST_PEERS = 100;

/** `network`: the key is good, but not for the address that it came from. */
export type Refusal = { readonly reason: 'unknown' } | { readonly reason: 'network'; readonly keyId: string };

interface Counted {
  readonly ip: string | null;
  attempts: number;
}

/**
 * Sign-ins to the console that were refused, for the audit log. Anyone can cause one without a key, and entries are never
 * deleted, so their number is bounded: one for the first refusal of a peer, then one a minute with their number.
 */
@Injectable()
export class RefusedSignIns {
  private peers = new Map<string, Counted>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(AuditRepository) private readonly audit: Pick<AuditRepository, 'recordUnnamed'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'error'>,
  ) {}

  /** A refusal stays one where its entry cannot be written. */
  async note(request: FastifyRequest, refusal: Refusal): Promise<void> {
    const isNew = this.count(request.ip);
    if (!isNew) return;
    const { reason } = refusal;
    const target = 'keyId' in refusal ? refusal.keyId : undefined;
    await this.write([{ target, after: { reason, ip: request.ip, attempts: 1 } }], request.id);
  }

  /** Writes what was counted since. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const counted = [...this.peers.values()].filter(({ attempts }) => attempts > 0);
    this.peers = new Map();
    await this.write(counted.map(({ ip, attempts }) => ({ after: { reason: 'repeated', ip, attempts } })));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  /** @returns whether it is the first one of its peer in this minute. */
  private count(ip: string): boolean {
    this.timer ??= setTimeout(() => void this.flush(), WINDOW_MS).unref();
    const isFull = this.peers.size >= MOST_PEERS;
    const peer = peerOf(ip);
    const name = isFull && !this.peers.has(peer) ? 'others' : peer;
    const known = this.peers.get(name);
    if (known !== undefined) known.attempts += 1;
    else this.peers.set(name, { ip: isFull ? null : ip, attempts: isFull ? 1 : 0 });
    return known === undefined && !isFull;
  }

  private async write(entries: readonly Omit<AuditRecord, 'action'>[], requestId?: string): Promise<void> {
    if (entries.length === 0) return;
    try {
      const records = entries.map((entry) => ({ ...entry, action: 'session.refuse' }));
      await this.audit.recordUnnamed(records, requestId);
    } catch (error) {
      this.log.error({ err: error }, 'refused sign-ins could not be written to the audit log');
    }
  }
}
