import { Injectable } from '@nestjs/common';
import { EraseMailRepository, ErasePersonRepository, ErasureRepository, type ErasureRow } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import type { PoolClient } from 'pg';
import { countsOf, type ErasureCount } from './receipt.js';

export interface ErasureRequest {
  /** In lower case. */
  readonly addresses: readonly string[];
  readonly reason: string | null;
  /** The key that asks for it. */
  readonly keyId: string;
}

/** The data that an erasure would find now. */
export interface ErasurePlan {
  readonly counts: Readonly<Record<ErasureCount, number>>;
  readonly pending: number;
}

/** Takes requests to erase, for a worker to carry out. */
@Injectable()
export class RequestErasureService {
  constructor(
    private readonly erasures: ErasureRepository,
    private readonly mail: EraseMailRepository,
    private readonly person: ErasePersonRepository,
  ) {}

  execute(tx: PoolClient, { addresses, reason, keyId }: ErasureRequest): Promise<ErasureRow> {
    return this.erasures.insert(tx, { id: newUuid(), requestedBy: keyId, reason, addresses });
  }

  /** Counts, and changes nothing. */
  async plan({ addresses }: Pick<ErasureRequest, 'addresses'>): Promise<ErasurePlan> {
    const { pending, ...mail } = await this.mail.count(addresses);
    return { counts: countsOf({ ...mail, ...(await this.person.count(addresses)) }), pending };
  }
}
