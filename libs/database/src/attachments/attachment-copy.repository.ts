import { Injectable } from '@nestjs/common';
import type { ProviderFile } from '@gateway/core';
import { Database } from '../database.js';
import { Prisma } from '../generated/client.js';
import type { AttachmentRow } from './attachment.repository.js';
import * as sql from './attachment.sql.js';

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

const copyColumns = { attachmentId: true, provider: true, fileId: true, detail: true, uploadedAt: true } as const;
const fileColumns = { id: true, name: true, size: true, contentType: true, createdAt: true } as const;

type CopyColumns = Prisma.AttachmentCopyGetPayload<{ select: typeof copyColumns }>;

const toCopy = ({ fileId, detail, ...copy }: CopyColumns): AttachmentCopyRow => ({
  ...copy,
  file: { fileId, ...(detail !== null && { detail }) },
});

/** Copies of files at the providers, and files to be removed there. */
@Injectable()
export class AttachmentCopyRepository {
  constructor(private readonly database: Database) {}

  async find(provider: string, attachmentIds: readonly string[]): Promise<AttachmentCopyRow[]> {
    const copies = await this.database.prisma.attachmentCopy.findMany({
      where: { provider, attachmentId: { in: [...attachmentIds] } },
      select: copyColumns,
    });
    return copies.map(toCopy);
  }

  /** A file, deleted or not: an accepted message is sent with the files that it was accepted with. */
  findFile(attachmentId: string): Promise<AttachmentRow | null> {
    return this.database.prisma.attachment.findUnique({ where: { id: attachmentId }, select: fileColumns });
  }

  /**
   * Makes one process the one that uploads a file to an account, for `leaseMs` at most.
   * @returns false while another one is.
   */
  async beginUpload({ attachmentId, provider, holder }: Upload, leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.database.pool.query(sql.BEGIN_UPLOAD, [attachmentId, provider, holder, leaseMs]);
    return rowCount === 1;
  }

  async endUpload({ attachmentId, provider, holder }: Upload): Promise<void> {
    await this.database.prisma.attachmentUpload.deleteMany({ where: { attachmentId, provider, holder } });
  }

  /** Of two copies, which a process makes that is slower than its lease, the first one counts. */
  async insert(attachmentId: string, provider: string, file: ProviderFile): Promise<void> {
    const detail = file.detail === undefined ? Prisma.DbNull : (file.detail as Prisma.InputJsonValue);
    await this.database.prisma.attachmentCopy.createMany({
      data: [{ attachmentId, provider, fileId: file.fileId, detail }],
      skipDuplicates: true,
    });
  }

  /** Forgets copies that the provider has lost; one that was uploaded again meanwhile stays. */
  async forget(copies: readonly AttachmentCopyRow[]): Promise<void> {
    const lost = copies.map(({ attachmentId, provider, file }) => ({ attachmentId, provider, fileId: file.fileId }));
    await this.database.prisma.attachmentCopy.deleteMany({ where: { OR: lost } });
  }

  /**
   * Deleted files that no unfinished message needs, and that no sweep has tried to remove since `pauseMs`. Another
   * process does not get them meanwhile.
   */
  async takeRemovable(pauseMs: number, limit: number): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ id: string }>(sql.TAKE_REMOVABLE, [pauseMs, limit]);
    return rows.map(({ id }) => id);
  }

  /** Removes the content for good. @returns the copies that are still at providers. */
  async removeContent(attachmentId: string): Promise<AttachmentCopyRow[]> {
    const { prisma } = this.database;
    await prisma.attachmentChunk.deleteMany({ where: { attachmentId } });
    return (await prisma.attachmentCopy.findMany({ where: { attachmentId }, select: copyColumns })).map(toCopy);
  }

  /** Removes the file itself, with all that is left of it. */
  async remove(attachmentId: string): Promise<void> {
    await this.database.prisma.attachment.deleteMany({ where: { id: attachmentId, deletedAt: { not: null } } });
  }
}
