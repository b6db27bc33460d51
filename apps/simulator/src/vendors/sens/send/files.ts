import type { StoredFile } from '../../../state/file-store.js';
import type { Simulator } from '../../../state/simulator.js';
import { invalid } from '../errors.js';
import { fileOf } from '../project.js';
import { settingsOf } from '../state.js';

/** v2 has no upload; files of a migrated project are uploaded by v1 (sens.md §2.2). */
export function readFiles(simulator: Simulator, value: unknown): readonly StoredFile[] {
  const ids: readonly unknown[] = Array.isArray(value) ? value : [];
  const files = ids.map((id, at) => {
    const file = typeof id === 'string' ? fileOf(simulator, id) : undefined;
    if (!file || file.expiresAt <= simulator.now()) throw invalid(`attachFileIds[${at}]`, 'does not exist');
    return file;
  });
  const { mailFilesLimitBytes: limit } = settingsOf(simulator);
  if (files.reduce((sum, file) => sum + file.fileSize, 0) > limit)
    throw invalid('attachFileIds', `over ${limit} bytes`);
  return files;
}
