import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';
import * as sql from './access.sql.js';

/** Limited things, as the database numbers them. */
export const paceKinds = { requests: 0, recipients: 1 } as const;
export type PaceKind = keyof typeof paceKinds;

/** The part of a key's rate that an api wants. */
export interface PaceWish {
  readonly keyId: string;
  readonly kind: PaceKind;
  /** The rate: so many per second, for all apis together. */
  readonly most: number;
  /** Let through already. */
  readonly owed: number;
  readonly needed: number;
  /** At least as many as needed. */
  readonly wanted: number;
}

export interface PaceGrant {
  /** 0: not as many as are needed are left in this second. */
  readonly granted: number;
  /** The rest of this second for all apis. */
  readonly remaining: number;
  readonly endsInMs: number;
}

/** How fast keys are used, over all apis. */
@Injectable()
export class KeyPaceRepository {
  constructor(private readonly database: Database) {}

  /** One statement for all wishes, in their order. */
  async take(wishes: readonly PaceWish[]): Promise<readonly PaceGrant[]> {
    // In one order everywhere: two apis that take from several keys do not wait for each other.
    const order = wishes.map((wish, i) => ({ wish, i })).toSorted((a, b) => compare(a.wish, b.wish));
    const column = (of: (wish: PaceWish) => unknown) => order.map(({ wish }) => of(wish));
    const { rows } = await this.database.pool.query<PaceGrant>({
      name: 'take-key-pace',
      text: sql.TAKE_PACE,
      values: [
        column(({ keyId }) => keyId),
        column(({ kind }) => paceKinds[kind]),
        column(({ most }) => most),
        column(({ owed }) => owed),
        column(({ needed }) => needed),
        column(({ wanted }) => wanted),
      ],
    });
    const grants: PaceGrant[] = [];
    for (const [n, { i }] of order.entries()) grants[i] = rows[n] as PaceGrant;
    return grants;
  }

  /**
   * Charges recipients to the key that sent the message, if that is limited: the seconds that follow pay for them. Others
   * who take from this rate wait until the transaction ends, so this is its last statement.
   */
  async chargeSender(tx: Queryable, messageId: string, recipients: number): Promise<void> {
    await tx.query(sql.CHARGE_SENDER, [messageId, recipients, paceKinds.recipients]);
  }
}

const compare = (a: PaceWish, b: PaceWish): number =>
  a.keyId < b.keyId ? -1 : a.keyId > b.keyId ? 1 : paceKinds[a.kind] - paceKinds[b.kind];
