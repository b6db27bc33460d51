import { Injectable } from '@nestjs/common';
import { EraseMailRepository, ErasePersonRepository, ErasureRepository, type ErasureRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { PoolClient } from 'pg';
import { FindMentions, MOST_LOOKED_AT, type Mentions } from './find-mentions.js';
import { countsOf, type ErasureCount } from './receipt.js';

export interface ErasureRequest {
  /** In lower case. */
  readonly addresses: readonly string[];
  readonly reason: string | null;
  /** The key that asks for it. */
  readonly keyId: string;
  /** Only what belongs to this client; `null`: to any. */
  readonly clientId: string | null;
  /** Also look for the addresses in mail to others of so many days; the receipt then says where. */
  readonly mentionDays?: number | undefined;
}

/** The data that an erasure would find now. */
export interface ErasurePlan {
  readonly counts: Readonly<Record<ErasureCount, number>>;
  readonly pending: number;
  readonly mentions?: Mentions;
}

/** Takes requests to erase, for a worker to carry out. */
@Injectable()
export class RequestErasureService {
  constructor(
    private readonly erasures: ErasureRepository,
    private readonly mail: EraseMailRepository,
    private readonly person: ErasePersonRepository,
    private readonly mentions: FindMentions,
  ) {}

  execute(tx: PoolClient, { mentionDays, keyId, ...request }: ErasureRequest): Promise<ErasureRow> {
    const mentions = mentionDays === undefined ? undefined : { days: mentionDays };
    return this.erasures.insert(tx, { ...request, id: newUuid(), requestedBy: keyId, mentions });
  }

  /** Counts, and changes nothing. */
  async plan(request: Pick<ErasureRequest, 'addresses' | 'clientId' | 'mentionDays'>): Promise<ErasurePlan> {
    const { addresses, clientId, mentionDays: days } = request;
    const { pending, ...mail } = await this.mail.count(addresses, clientId);
    const counts = countsOf({ ...mail, ...(await this.person.count(addresses, clientId)) });
    if (days === undefined) return { counts, pending };
    const mentions = await this.mentions.execute({ addresses, clientId, days }, MOST_LOOKED_AT.counting);
    return { counts, pending, mentions };
  }
}
