import { readSecretFile, type FileSecret } from '@gateway/platform';
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** A setting that is given by a file. */
export interface SettingFile {
  /** The kind's own name of the setting. */
  readonly setting: string;
  /** The variable that names the file. */
  readonly variable: string;
  readonly path: string;
}

/** Values of settings by the kind's own names. */
export type FileValues = Readonly<Record<string, string>>;

export type Look =
  | { readonly found: 'nothing new' }
  | { readonly found: 'new values'; readonly values: FileValues }
  | { readonly found: 'fault'; readonly variable: string; readonly problem: string };

interface Seen {
  readonly identity: string;
  /** Changed so recently that another change may have the same times. */
  readonly fresh: boolean;
  readonly read: FileSecret;
}

/** Times of files may be as coarse as a second or two; in milliseconds. */
const COARSE_MS = 3000;

/**
 * The files of one account. Their values are taken together and only after two looks that saw the same: a file that is
 * being written, or a key that was replaced before its partner, is not used half-way.
 */
export class AccountFiles {
  private readonly seen = new Map<string, Seen>();
  private pending: string | undefined;

  /** @param current the values that are in use. */
  constructor(
    private readonly files: readonly SettingFile[],
    private current: FileValues,
  ) {}

  async look(): Promise<Look> {
    const values: Record<string, string> = {};
    for (const file of this.files) {
      const read = await this.read(file);
      if ('problem' in read) {
        this.pending = undefined;
        return { found: 'fault', variable: file.variable, problem: read.problem };
      }
      values[file.setting] = read.value;
    }
    return this.compare(values);
  }

  private compare(values: FileValues): Look {
    const text = JSON.stringify(values);
    const settled = text === this.pending;
    this.pending = text;
    if (!settled || this.files.every(({ setting }) => values[setting] === this.current[setting])) {
      return { found: 'nothing new' };
    }
    this.current = values;
    return { found: 'new values', values };
  }

  /** Reads the file only if it may have changed. The path is resolved each time: it may be a link that is replaced. */
  private async read({ path }: SettingFile): Promise<FileSecret> {
    const before = this.seen.get(path);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && before?.identity === identityOf(stats) && !before.fresh) return before.read;
    const read = readSecretFile(path);
    if (stats === undefined) this.seen.delete(path);
    else this.seen.set(path, { identity: identityOf(stats), fresh: isFresh(stats), read });
    return read;
  }
}

const identityOf = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string => [dev, ino, size, mtimeMs, ctimeMs].join();

const isFresh = ({ ctimeMs }: Stats): boolean => Math.abs(Date.now() - ctimeMs) < COARSE_MS;
