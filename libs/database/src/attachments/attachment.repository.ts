import { Injectable } from '@nestjs/common';
import { bytesOf } from '../bytes.js';
import type { Seal } from '../contents/seal.js';
import { Database, type Queryable } from '../database.js';
import * as sql from './attachment.sql.js';

export interface AttachmentRow {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly contentType: string;
  readonly createdAt: Date;
}

export interface NewAttachment {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly contentType: string;
}

/** A file whose pieces are being written. */
export interface BegunAttachment {
  readonly id: string;
  /** Encrypts its pieces. */
  readonly seal: Seal | undefined;
}

const shown = { id: true, name: true, size: true, contentType: true, createdAt: true } as const;
const NOT_YET = new Uint8Array();

const chunkField = (number: number): string => `chunk:${number}`;

interface ChunkRow {
  readonly data: Buffer;
  readonly contentKey: string | null;
}

/** Files and their content in pieces. A client sees only its own, and none that was deleted. */
@Injectable()
export class AttachmentRepository {
  constructor(private readonly database: Database) {}

  /** Begins a file; its pieces and `finish` follow in the same transaction. */
  async insert(tx: Queryable, file: NewAttachment): Promise<BegunAttachment> {
    const { id, clientId, name, contentType } = file;
    const { contents } = this.database;
    const seal = contents.protectsFiles ? contents.newSeal('attachment', id) : undefined;
    const prisma = await this.database.prismaOn(tx);
    await prisma.attachment.create({
      data: { id, clientId, name, contentType, size: 0, sha256: NOT_YET, contentKey: seal?.sealedKey ?? null },
      select: { id: true },
    });
    return { id, seal };
  }

  async insertChunk(tx: Queryable, { id, seal }: BegunAttachment, number: number, data: Buffer): Promise<void> {
    await tx.query({
      name: 'insert-attachment-chunk',
      text: sql.INSERT_CHUNK,
      values: [id, number, seal?.sealBytes(chunkField(number), data) ?? data],
    });
  }

  /** @throws when the file was not begun. */
  async finish(tx: Queryable, id: string, whole: { readonly size: number; readonly sha256: Buffer }): Promise<Date> {
    const prisma = await this.database.prismaOn(tx);
    const { createdAt } = await prisma.attachment.update({
      where: { id },
      data: { size: whole.size, sha256: bytesOf(whole.sha256) },
      select: { createdAt: true },
    });
    return createdAt;
  }

  findById(clientId: string, id: string): Promise<AttachmentRow | null> {
    return this.database.prisma.attachment.findFirst({ where: { id, clientId, deletedAt: null }, select: shown });
  }

  /** Newest first, before (older than) an id. */
  findPage(clientId: string, page: { readonly before: string | undefined; readonly limit: number }) {
    return this.database.prisma.attachment.findMany({
      where: { clientId, deletedAt: null, ...(page.before !== undefined && { id: { lt: page.before } }) },
      orderBy: { id: 'desc' },
      take: page.limit,
      select: shown,
    });
  }

  /** Those of the files that the client has, in no order. */
  async findMany(
    clientId: string,
    ids: readonly string[],
    tx: Queryable = this.database.pool,
  ): Promise<AttachmentRow[]> {
    const { rows } = await tx.query<AttachmentRow>(sql.FIND_MANY, [ids, clientId]);
    return rows;
  }

  /** Keeps files from being deleted until the transaction ends. @returns those that are still there. */
  async hold(tx: Queryable, ids: readonly string[]): Promise<readonly string[]> {
    const { rows } = await tx.query<{ id: string }>(sql.HOLD, [ids]);
    return rows.map(({ id }) => id);
  }

  /** Before a request or an answer begins that has the content in it. @throws ContentLockedError */
  async expectReadable(id: string): Promise<void> {
    const { rows } = await this.database.pool.query<{ contentKey: string | null }>(sql.FIND_KEY, [id]);
    const contentKey = rows[0]?.contentKey ?? null;
    if (contentKey !== null) this.database.contents.openSeal('attachment', id, contentKey);
  }

  /**
   * The content piece by piece, one in memory at a time.
   * @throws Error when it is not all there. @throws ContentLockedError
   */
  async *readContent(
    { id, size }: Pick<AttachmentRow, 'id' | 'size'>,
    tx: Queryable = this.database.pool,
  ): AsyncGenerator<Buffer> {
    let read = 0;
    for (let number = 0; read < size; number += 1) {
      const { rows } = await tx.query<ChunkRow>({
        name: 'read-attachment-chunk',
        text: sql.READ_CHUNK,
        values: [id, number],
      });
      const [row] = rows;
      if (row === undefined) throw new Error('the content of the attachment is gone');
      const data = this.open(id, number, row);
      read += data.length;
      yield data;
    }
  }

  private open(id: string, number: number, { data, contentKey }: ChunkRow): Buffer {
    if (contentKey === null) return data;
    return this.database.contents.openSeal('attachment', id, contentKey).openBytes(chunkField(number), data);
  }

  /** Hides the file; a sweep removes it once no unfinished message needs it. @returns false when there is none. */
  markDeleted(clientId: string, id: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const { attachment } = await this.database.prismaOn(tx);
      const { count } = await attachment.updateMany({
        where: { id, clientId, deletedAt: null },
        data: { deletedAt: await this.database.timeOf(tx) },
      });
      return count === 1;
    });
  }
}
