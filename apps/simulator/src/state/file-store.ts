import { createHash } from 'node:crypto';
import type { Provider } from './provider.js';

/** An uploaded file without its bytes, which are not kept. Times are epoch ms. */
export interface StoredFile {
  readonly provider: Provider;
  /** NCP: the path prefix (region); NHN: the app key. */
  readonly scope: string;
  /** NHN's integer as digits. */
  readonly fileId: string;
  /** NCP's tempRequestId: the upload call that brought it. */
  readonly uploadId: string | null;
  /** NHN has an upload of its own for files of templates. */
  readonly kind: 'MAIL' | 'TEMPLATE';
  readonly fileName: string;
  readonly fileSize: number;
  readonly sha256: string;
  readonly uploadedAt: number;
  readonly expiresAt: number;
}

export type NewFile = Omit<StoredFile, 'fileSize' | 'sha256' | 'expiresAt'> & {
  readonly bytes: Buffer;
  /** null: for ever. */
  readonly lifetimeMs: number | null;
};

/** Which files POST /control/files/forget is about; absent members do not narrow. */
export interface FileFilter {
  readonly provider?: Provider | undefined;
  readonly fileIds?: readonly string[] | undefined;
  readonly uploadId?: string | undefined;
}

/** Uploaded files of both vendors, oldest first. */
export class FileStore {
  #files = new Map<string, StoredFile>();

  add({ bytes, lifetimeMs, ...rest }: NewFile): StoredFile {
    const file: StoredFile = {
      ...rest,
      fileSize: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      expiresAt: lifetimeMs === null ? Number.POSITIVE_INFINITY : rest.uploadedAt + lifetimeMs,
    };
    this.#files.set(keyOf(file), file);
    return file;
  }

  /** The file with this id in a scope, expired or not. */
  find(provider: Provider, scope: string, fileId: string): StoredFile | undefined {
    return this.#files.get(keyOf({ provider, scope, fileId }));
  }

  /** The files of one upload call that are not expired. */
  ofUpload(scope: string, uploadId: string, now: number): StoredFile[] {
    return this.all().filter((f) => f.scope === scope && f.uploadId === uploadId && f.expiresAt > now);
  }

  remove(files: readonly StoredFile[]): void {
    for (const file of files) this.#files.delete(keyOf(file));
  }

  /** Makes files end now (`expire`) or vanish (`lose`); gives how many. */
  forget(filter: FileFilter, how: 'expire' | 'lose', now: number): number {
    const hit = this.all().filter((file) => passes(filter, file));
    if (how === 'lose') this.remove(hit);
    else for (const file of hit) this.#files.set(keyOf(file), { ...file, expiresAt: now });
    return hit.length;
  }

  all(): StoredFile[] {
    return [...this.#files.values()];
  }

  clear(): void {
    this.#files.clear();
  }
}

const keyOf = (file: Pick<StoredFile, 'provider' | 'scope' | 'fileId'>): string =>
  `${file.provider} ${file.scope} ${file.fileId}`;

const passes = (filter: FileFilter, file: StoredFile): boolean =>
  (filter.provider === undefined || file.provider === filter.provider) &&
  (filter.fileIds === undefined || filter.fileIds.includes(file.fileId)) &&
  (filter.uploadId === undefined || file.uploadId === filter.uploadId);
