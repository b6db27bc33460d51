import { saveFile } from './save-file';

/** A spreadsheet runs a cell that begins with one of these as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** One cell. A caller's words must stay text, so a formula gets an apostrophe before it. */
export function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** Excel takes a file without it for another encoding, and Korean breaks. */
const BYTE_ORDER_MARK = '\uFEFF';

/** Hands a file to the browser's downloads. */
export const saveCsv = (name: string, lines: readonly string[]): void =>
  saveFile(name, 'text/csv;charset=utf-8', [BYTE_ORDER_MARK, ...lines]);
