import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory, Transaction } from '@prisma/driver-adapter-utils';
import { Pool, type PoolClient } from 'pg';
import { PrismaClient, type Prisma } from './generated/client.js';

/** The most that a timer takes, 24 days: the session's own limits apply, not Prisma's. */
const NO_LIMIT_MS = 2 ** 31 - 1;

interface Joined {
  readonly prisma: Promise<Prisma.TransactionClient>;
  /** Prisma forgets the transaction, and sends nothing. */
  readonly leave: () => Promise<void>;
}

/**
 * One Prisma client for a process, which also works inside of transactions that were begun without it. A client of
 * each connection would do the same, but takes 20 ms to start and 8 MB to keep (ADR 20).
 */
export class PrismaInTransactions {
  readonly prisma: PrismaClient;
  /** The transaction that Prisma is about to join. */
  private readonly joining = new AsyncLocalStorage<PoolClient>();
  /** Transactions under way; those without a value have not been joined. */
  private readonly open = new Map<object, Joined | undefined>();

  /** @param options are read when Prisma first connects. */
  constructor(pool: Pool, options: { schema?: string }) {
    this.prisma = new PrismaClient({ adapter: joiningAdapter(new PrismaPg(pool, options), this.joining) });
  }

  /** Makes a transaction known. The caller says `end` when the connection has committed or rolled back. */
  begin(tx: PoolClient): void {
    this.open.set(tx, undefined);
  }

  /** @returns Prisma on the connection of a transaction. @throws Error when none is under way there. */
  on(tx: object): Promise<Prisma.TransactionClient> {
    if (!this.open.has(tx)) throw new Error('no transaction is under way on this connection');
    const joined = this.open.get(tx) ?? this.join(tx as PoolClient);
    this.open.set(tx, joined);
    return joined.prisma;
  }

  async end(tx: PoolClient): Promise<void> {
    const joined = this.open.get(tx);
    this.open.delete(tx);
    await joined?.leave();
  }

  private join(tx: PoolClient): Joined {
    const left = Promise.withResolvers<void>();
    const prisma = Promise.withResolvers<Prisma.TransactionClient>();
    const whole = this.joining.run(tx, () =>
      this.prisma.$transaction(
        async (client) => {
          prisma.resolve(client);
          await left.promise;
        },
        { maxWait: NO_LIMIT_MS, timeout: NO_LIMIT_MS },
      ),
    );
    whole.catch(prisma.reject);
    const leave = async (): Promise<void> => {
      left.resolve();
      await whole.catch(() => undefined);
    };
    return { prisma: prisma.promise, leave };
  }
}

/** Prisma's adapter; its transactions join the current one, or are new ones. */
function joiningAdapter(factory: PrismaPg, joining: AsyncLocalStorage<PoolClient>): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter: SqlDriverAdapter = await factory.connect();
      const begin = adapter.startTransaction.bind(adapter);
      adapter.startTransaction = async (isolation) => {
        const tx = joining.getStore();
        return tx === undefined ? begin(isolation) : joined(tx);
      };
      return adapter;
    },
  };
}

/** A transaction of Prisma that is part of another one: neither BEGIN nor COMMIT is sent. */
async function joined(tx: PoolClient): Promise<Transaction> {
  // The adapter wants a pool; it asks it for nothing but to run statements.
  const pool = Object.assign(new Pool(), { query: tx.query.bind(tx) });
  const adapter = await new PrismaPg(pool).connect();
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    options: { usePhantomQuery: true },
    queryRaw: (query) => adapter.queryRaw(query),
    executeRaw: (query) => adapter.executeRaw(query),
    commit: async () => undefined,
    rollback: async () => undefined,
  };
}
