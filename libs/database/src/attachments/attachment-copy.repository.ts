import { Injectable } from '@nestjs/common';
import type { ProviderFile } from '@gateway/core';
import { Database, type Queryable } from '../database.js';
import type { AttachmentRow } from './attachment.repository.js';

export interface AttachmentCopyRow {
  readonly attachmentId: string;
  readonly provider: string;
  readonly file: ProviderFile;
  readonly uploadedAt: Date;
}

/** A file on its way to an account, and who brings it there. */
export interface Upload {
  readonly attachmentId: string;
  readonly provider: string;
  readonly holder: string;
}

interface CopyColumns {
  readonly attachmentId: string;
  readonly provider: string;
  readonly fileId: string;
  readonly detail: unknown;
  readonly uploadedAt: Date;
}

const columns = `attachment_id AS "attachmentId", provider, file_id AS "fileId", detail, uploaded_at AS "uploadedAt"`;

const toCopy = ({ fileId, detail, ...copy }: CopyColumns): AttachmentCopyRow => ({
  ...copy,
  file: { fileId, ...(detail !== null && { detail }) },
});

/** What stands at the providers, and what is to be removed there. */
@Injectable()
export class AttachmentCopyRepository {
  constructor(private readonly database: Database) {}

  async find(tx: Queryable, provider: string, attachmentIds: readonly string[]): Promise<AttachmentCopyRow[]> {
    const { rows } = await tx.query<CopyColumns>(
      `SELECT ${columns} FROM attachment_copy WHERE provider = $1 AND attachment_id = ANY ($2)`,
      [provider, attachmentIds],
    );
    return rows.map(toCopy);
  }

  /** A file whether it was deleted or not: an accepted message goes out with what it was accepted with. */
  async findFile(tx: Queryable, attachmentId: string): Promise<AttachmentRow | undefined> {
    const { rows } = await tx.query<AttachmentRow>(
      `SELECT id, name, size, content_type AS "contentType", created_at AS "createdAt" FROM attachment WHERE id = $1`,
      [attachmentId],
    );
    return rows[0];
  }

  /**
   * Makes one process the one that uploads a file to an account, for `leaseMs` at most.
   * @returns false while another one is.
   */
  async beginUpload({ attachmentId, provider, holder }: Upload, leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(
      `INSERT INTO attachment_upload AS u (attachment_id, provider, holder, lease_until)
       SELECT id, $2, $3, now() + $4 * interval '1 ms' FROM attachment WHERE id = $1
       ON CONFLICT (attachment_id, provider) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
       WHERE u.lease_until < now()`,
      [attachmentId, provider, holder, leaseMs],
    );
    return rowCount === 1;
  }

  async endUpload({ attachmentId, provider, holder }: Upload): Promise<void> {
    await this.database.pool.query(
      'DELETE FROM attachment_upload WHERE attachment_id = $1 AND provider = $2 AND holder = $3',
      [attachmentId, provider, holder],
    );
  }

  /** Of two copies, which a process makes that is slower than its lease, the first one counts. */
  async insert(tx: Queryable, attachmentId: string, provider: string, file: ProviderFile): Promise<void> {
    const detail = file.detail === undefined ? null : JSON.stringify(file.detail);
    await tx.query(
      `INSERT INTO attachment_copy (attachment_id, provider, file_id, detail) VALUES ($1, $2, $3, $4)
       ON CONFLICT (attachment_id, provider) DO NOTHING`,
      [attachmentId, provider, file.fileId, detail],
    );
  }

  /** Forgets copies that the provider has lost; one that was uploaded anew meanwhile stays. */
  async forget(copies: readonly AttachmentCopyRow[]): Promise<void> {
    await this.database.pool.query(
      `DELETE FROM attachment_copy c USING unnest($1::uuid[], $2::text[], $3::text[]) AS lost (attachment_id, provider, file_id)
       WHERE c.attachment_id = lost.attachment_id AND c.provider = lost.provider AND c.file_id = lost.file_id`,
      [copies.map((c) => c.attachmentId), copies.map((c) => c.provider), copies.map((c) => c.file.fileId)],
    );
  }

  /**
   * Deleted files that no unfinished message needs, and that no sweep has tried to remove since `pauseMs`. Another
   * process does not get them meanwhile.
   */
  async takeRemovable(pauseMs: number, limit: number): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      `WITH removable AS (
         SELECT id FROM attachment a
         WHERE deleted_at IS NOT NULL AND (swept_at IS NULL OR swept_at < now() - $1 * interval '1 ms')
           AND NOT EXISTS (
             SELECT FROM message m
             WHERE m.attachment_ids @> ARRAY[a.id] AND m.attachment_ids <> '{}' AND m.completed_at IS NULL
           )
         ORDER BY deleted_at LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       UPDATE attachment a SET swept_at = now() FROM removable WHERE a.id = removable.id RETURNING a.id`,
      [pauseMs, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Removes the content for good. @returns what still stands at providers. */
  async removeContent(attachmentId: string): Promise<AttachmentCopyRow[]> {
    await this.database.pool.query('DELETE FROM attachment_chunk WHERE attachment_id = $1', [attachmentId]);
    const { rows } = await this.database.pool.query<CopyColumns>(
      `SELECT ${columns} FROM attachment_copy WHERE attachment_id = $1`,
      [attachmentId],
    );
    return rows.map(toCopy);
  }

  /** Removes the file itself, with whatever is left of it. */
  async remove(attachmentId: string): Promise<void> {
    await this.database.pool.query('DELETE FROM attachment WHERE id = $1 AND deleted_at IS NOT NULL', [attachmentId]);
  }
}
