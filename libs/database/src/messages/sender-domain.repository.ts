import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import { FIND_SENDER_DOMAINS } from './sender-domain.sql.js';

/** The domain of senders, and where it is used: in how many of the latest messages, and in how many templates. */
export interface SenderDomainRow {
  readonly domain: string;
  readonly lastUsedAt: Date | null;
  readonly messages: number;
  readonly templates: number;
}

/** Messages that are looked at, and domains that are found, at most: however many there are, it takes as long. */
const RECENT_MESSAGES = 5000;
const MOST_DOMAINS = 100;

@Injectable()
export class SenderDomainRepository {
  constructor(private readonly database: Database) {}

  /** @param clientId whose; absent: those of all clients. */
  async find(clientId?: string): Promise<readonly SenderDomainRow[]> {
    const values = [clientId ?? null, RECENT_MESSAGES, MOST_DOMAINS];
    const { rows } = await this.database.pool.query<SenderDomainRow>(FIND_SENDER_DOMAINS, values);
    return rows;
  }
}
