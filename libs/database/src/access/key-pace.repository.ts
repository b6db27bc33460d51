import { Injectable } from '@nestjs/common';
import { Database } from '../database.js';
import * as sql from './access.sql.js';

/** What is limited, as the database numbers it. */
export const paceKinds = { requests: 0, recipients: 1 } as const;
export type PaceKind = keyof typeof paceKinds;

/** What an api wants of a key's rate. */
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
  /** What is left in this second for all. */
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
}

const compare = (a: PaceWish, b: PaceWish): number =>
  a.keyId < b.keyId ? -1 : a.keyId > b.keyId ? 1 : paceKinds[a.kind] - paceKinds[b.kind];
