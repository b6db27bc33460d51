import { formatDateTime } from '../../http/vendor-time.js';

/** All formatted times of NCP are UTC+9 (ncp.md §2). */
export const NCP_OFFSET_MINUTES = 540;

/** NesDateTime (ncp.md §2). */
export interface NesDateTime {
  readonly utc: number;
  readonly formattedDate: string;
  readonly formattedDateTime: string;
}

const written = new Map<number, NesDateTime>();
const MOST_WRITTEN = 1_000;

/** Rows of a page share their times, so a time is written once; milliseconds are set off by a space (ncp.md §2). */
export function nesDateTime(epochMs: number): NesDateTime {
  const known = written.get(epochMs);
  if (known) return known;
  if (written.size >= MOST_WRITTEN) written.clear();
  const value = write(epochMs);
  written.set(epochMs, value);
  return value;
}

function write(epochMs: number): NesDateTime {
  const text = formatDateTime(epochMs, NCP_OFFSET_MINUTES);
  const millis = String(((epochMs % 1_000) + 1_000) % 1_000).padStart(3, '0');
  return { utc: epochMs, formattedDate: text.slice(0, 10), formattedDateTime: `${text} ${millis}` };
}

export const nesDateTimeOrNull = (epochMs: number | null): NesDateTime | null =>
  epochMs === null ? null : nesDateTime(epochMs);

/** Label and code, as NCP writes its enums. Labels follow `x-ncp-lang`; clients branch on codes. */
export interface CodeLabel {
  readonly label: string;
  readonly code: string;
}

const STATUS_LABELS: Readonly<Record<string, readonly [en: string, ko: string]>> = {
  P: ['Preparing to send', '발송 준비 중'],
  R: ['Ready to send', '발송 준비'],
  I: ['Sending', '발송 중'],
  S: ['Sent successfully', '발송 성공'],
  F: ['Failed to send', '발송 실패'],
  U: ['Unsubscribe', '수신 거부'],
  C: ['Cancel sending', '발송 취소'],
  PF: ['Partial failure', '일부 실패'],
};

export const emailStatus = (code: string, korean: boolean): CodeLabel => ({
  label: STATUS_LABELS[code]?.[korean ? 1 : 0] ?? code,
  code,
});

/** Recipient types in the order of RecipientInput.type. */
export const RECIPIENT_TYPES: readonly CodeLabel[] = [
  { label: 'Recipient', code: 'R' },
  { label: 'Cc', code: 'C' },
  { label: 'Bcc', code: 'B' },
];
