import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../database.js';

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

const shown = { id: true, name: true, size: true, contentType: true, createdAt: true } as const;
const NOT_YET = Buffer.alloc(0);

/** Files and their content in pieces. A client sees only its own, and none that was deleted. */
@Injectable()
export class AttachmentRepository {
  constructor(private readonly database: Database) {}

  /** Begins a file; its pieces and `finish` follow in the same transaction. */
  async insert(tx: Queryable, file: NewAttachment): Promise<void> {
    await tx.query(
      'INSERT INTO attachment (id, client_id, name, content_type, size, sha256) VALUES ($1, $2, $3, $4, 0, $5)',
      [file.id, file.clientId, file.name, file.contentType, NOT_YET],
    );
  }

  async insertChunk(tx: Queryable, id: string, number: number, data: Buffer): Promise<void> {
    await tx.query({
      name: 'insert-attachment-chunk',
      text: 'INSERT INTO attachment_chunk (attachment_id, number, data) VALUES ($1, $2, $3)',
      values: [id, number, data],
    });
  }

  async finish(tx: Queryable, id: string, whole: { readonly size: number; readonly sha256: Buffer }): Promise<Date> {
    const { rows } = await tx.query<{ createdAt: Date }>(
      'UPDATE attachment SET size = $2, sha256 = $3 WHERE id = $1 RETURNING created_at AS "createdAt"',
      [id, whole.size, whole.sha256],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the attachment was not begun');
    return row.createdAt;
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
    const { rows } = await tx.query<AttachmentRow>(
      `SELECT id, name, size, content_type AS "contentType", created_at AS "createdAt" FROM attachment
       WHERE id = ANY ($1) AND client_id = $2 AND deleted_at IS NULL`,
      [ids, clientId],
    );
    return rows;
  }

  /** Keeps files from being deleted until the transaction ends. @returns those that are still there. */
  async hold(tx: Queryable, ids: readonly string[]): Promise<readonly string[]> {
    const { rows } = await tx.query<{ id: string }>(
      'SELECT id FROM attachment WHERE id = ANY ($1) AND deleted_at IS NULL ORDER BY id FOR SHARE',
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /** The content piece by piece, one in memory at a time. @throws Error when it is not all there. */
  async *readContent(
    { id, size }: Pick<AttachmentRow, 'id' | 'size'>,
    tx: Queryable = this.database.pool,
  ): AsyncGenerator<Buffer> {
    let read = 0;
    for (let number = 0; read < size; number += 1) {
      const { rows } = await tx.query<{ data: Buffer }>({
        name: 'read-attachment-chunk',
        text: 'SELECT data FROM attachment_chunk WHERE attachment_id = $1 AND number = $2',
        values: [id, number],
      });
      const data = rows[0]?.data;
      if (data === undefined) throw new Error('the content of the attachment is gone');
      read += data.length;
      yield data;
    }
  }

  /** Hides the file; a sweep removes it once no unfinished message needs it. @returns false when there is none. */
  async markDeleted(clientId: string, id: string): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      'UPDATE attachment SET deleted_at = now() WHERE id = $1 AND client_id = $2 AND deleted_at IS NULL',
      [id, clientId],
    );
    return rowCount === 1;
  }
}
