import type { StoredFile } from '../../../state/file-store.js';
import type { NhnSettings } from '../settings.js';
import type { Simulator } from '../../../state/simulator.js';
import { writeDate } from '../dates.js';
import { NhnError } from '../envelope.js';
import { settingsOf } from '../state.js';

const MAX_FILES = 10;

/** The files of a list of ids: digits in a string count as a number, since one table types it so (nhn.md §7, item 3). */
export function readFileIds(
  simulator: Simulator,
  scope: string,
  value: unknown,
  kind: StoredFile['kind'],
): readonly StoredFile[] {
  const ids: readonly unknown[] = Array.isArray(value) ? value : [];
  if (ids.length > MAX_FILES) throw new NhnError(-2014, `More than ${MAX_FILES} attachments.`);
  if (!ids.every((id) => /^\d{1,15}$/.test(String(id)))) throw new NhnError(-2020, 'fileId is invalid.');
  return ids.map((id) => {
    const file = simulator.files.find('nhn', scope, String(id));
    const fits = file && (file.kind === kind || settingsOf(simulator).foreignFileIds === 'accept');
    if (!fits) throw new NhnError(-2004, `attachFileId not found. ${String(id)}`);
    if (file.expiresAt <= simulator.now()) throw new NhnError(-2027, `File is expired. ${String(id)}`);
    return file;
  });
}

/** Number and size of all files of a mail, the template's included (nhn.md §2.1). */
export function checkFilesOfMail(files: readonly StoredFile[], settings: NhnSettings): readonly StoredFile[] {
  if (files.length > MAX_FILES) throw new NhnError(-2014, `More than ${MAX_FILES} attachments.`);
  const total = files.reduce((sum, file) => sum + file.fileSize, 0);
  if (total > settings.mailFilesLimitBytes) throw new NhnError(-2021, 'Attachments are too large in total.');
  return files;
}

/** Row of attachFileList in mail and template detail (nhn.md §5.3). */
export const fileItem = (file: StoredFile, settings: NhnSettings) => ({
  fileType: file.kind,
  fileId: Number(file.fileId),
  fileName: file.fileName,
  filePath: `/simulator/${file.scope}/${file.fileId}`,
  fileSize: file.fileSize,
  createDate: writeDate(file.uploadedAt, settings),
});
