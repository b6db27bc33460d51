/** A request to write all templates of a region into a file. Times are epoch ms. */
export interface TemplateExport {
  readonly sid: number;
  readonly requestedAt: number;
  /** The templates as they were when it was asked for. */
  readonly json: string;
  readonly creatingAt: number;
  readonly completedAt: number;
  readonly expiresAt: number;
}

/** Codes of TemplateBackupStatus (ncp.md §2): pending, creating, completed, expired. */
export type ExportCode = 'R' | 'I' | 'C' | 'E';

/** State of an export at a moment; nothing runs in the background. */
export function exportCode(request: TemplateExport, now: number): ExportCode {
  if (now < request.creatingAt) return 'R';
  if (now < request.completedAt) return 'I';
  return now < request.expiresAt ? 'C' : 'E';
}
