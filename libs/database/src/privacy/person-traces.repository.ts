import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import * as sql from './person-traces.sql.js';

/** A request to a webhook endpoint about a message. `body` and `attempts` are absent where it is about others, too. */
export interface DeliveryTrace {
  readonly id: string;
  readonly endpointId: string;
  readonly url: string;
  readonly webhookId: string;
  readonly type: string;
  readonly status: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly body: string | null;
  readonly attempts: unknown;
}

export interface AnswerTrace {
  readonly key: string;
  readonly response: Buffer;
  readonly createdAt: Date;
}

export interface SuppressionCopyTrace {
  readonly provider: string;
  readonly address: string;
  readonly state: string;
  readonly seenAt: Date;
}

export interface ListCopyTrace {
  readonly provider: string;
  readonly address: string;
  readonly group: string | null;
}

/** The places with data about a person that no call shows otherwise, for an export. */
@Injectable()
export class PersonTracesRepository {
  constructor(private readonly database: Database) {}

  async findClients(): Promise<readonly { readonly id: string; readonly name: string }[]> {
    return (await this.database.pool.query<{ id: string; name: string }>(sql.FIND_CLIENTS)).rows;
  }

  async findCommon(messageId: string): Promise<{ readonly variables: unknown; readonly headers: unknown }> {
    const { rows } = await this.database.pool.query<{ variables: unknown; headers: unknown }>(sql.FIND_COMMON, [
      messageId,
    ]);
    return rows[0] ?? { variables: {}, headers: {} };
  }

  /** @param whole with bodies and attempts: the message had no other recipient. */
  async findDeliveries(messageId: string, whole: boolean): Promise<readonly DeliveryTrace[]> {
    return (await this.database.pool.query<DeliveryTrace>(sql.FIND_DELIVERIES, [messageId, whole])).rows;
  }

  async findAnswers(clientId: string, location: string): Promise<readonly AnswerTrace[]> {
    return (await this.database.pool.query<AnswerTrace>(sql.FIND_ANSWERS, [clientId, location])).rows;
  }

  /** @param address in lower case. */
  async findSuppressionCopies(address: string): Promise<readonly SuppressionCopyTrace[]> {
    return (await this.database.pool.query<SuppressionCopyTrace>(sql.FIND_SUPPRESSION_COPIES, [address])).rows;
  }

  /** @param address in lower case. */
  async findListCopies(address: string, clientId: string): Promise<readonly ListCopyTrace[]> {
    return (await this.database.pool.query<ListCopyTrace>(sql.FIND_LIST_COPIES, [address, clientId])).rows;
  }
}
