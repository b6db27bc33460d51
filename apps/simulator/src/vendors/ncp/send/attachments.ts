import type { FastifyRequest } from 'fastify';
import type { StoredFile } from '../../../state/file-store.js';
import type { NcpSettings } from '../settings.js';
import type { Simulator } from '../../../state/simulator.js';
import { badRequest, notFound, type NcpError } from '../errors.js';
import { scopeOf } from '../scope.js';
import { settingsOf } from '../state.js';

/** NCP's answer for a file that it does not have is unknown: 77103 by analogy, or 77102 (ncp.md §4). */
export const missingFile = (reason: string, settings: NcpSettings): NcpError =>
  settings.missingFileCode === '77103' ? notFound(reason) : badRequest(reason);

/** The files that `attachFileIds` of a mail names; throws when one is gone or all are too large together. */
export function readAttachments(simulator: Simulator, call: FastifyRequest, value: unknown): readonly StoredFile[] {
  const ids: readonly unknown[] = Array.isArray(value) ? value : [];
  const settings = settingsOf(simulator);
  const files = ids.map((id) => {
    if (typeof id !== 'string') throw badRequest('attachFileIds must hold strings');
    const file = simulator.files.find('ncp', scopeOf(call), id);
    if (!file || file.expiresAt <= simulator.now()) throw missingFile(`attachFileIds ${id} does not exist`, settings);
    return file;
  });
  const total = files.reduce((sum, file) => sum + file.fileSize, 0);
  if (total > settings.mailFilesLimitBytes) throw badRequest(`files are over ${settings.mailFilesLimitBytes} bytes`);
  return files;
}
