const KST_MS = 9 * 3_600_000;

// All rows of a page share their time, so the last one written is worth keeping.
let last = { at: Number.NaN, text: '' };

/** `yyyyMMddHHmmss…` at UTC+9. */
function digits(epochMs: number): string {
  if (epochMs !== last.at) last = { at: epochMs, text: new Date(epochMs + KST_MS).toISOString().replace(/\D/g, '') };
  return last.text;
}

/**
 * NCP requestId: `yyyyMMdd` and 12 digits (ncp.md §3.1), here the time of day and a serial number, so that
 * a restarted simulator does not hand out the ids of the run before.
 */
export const ncpRequestId = (at: number, serial: number): string =>
  digits(at).slice(0, 14) + String(serial % 1_000_000).padStart(6, '0');

/** NCP mailId: same form as a requestId; opaque to clients (ncp.md §14). */
export const ncpMailId = (at: number, mail: number): string =>
  digits(at).slice(0, 8) + String(mail % 1_000_000_000_000).padStart(12, '0');

/** The mail number inside a mailId, or undefined for anything that is not one. */
export const mailNumberOf = (mailId: string): number | undefined =>
  /^\d{20}$/.test(mailId) ? Number(mailId.slice(8)) : undefined;

/** NHN requestId: `yyyyMMddHHmmss`, seven characters, type digit 0 normal or 1 reserved (nhn.md §2.4). */
export const nhnRequestId = (at: number, serial: number, reserved: boolean): string =>
  digits(at).slice(0, 14) + serial.toString(36).padStart(7, '0').slice(-7) + (reserved ? '1' : '0');

/** First mail number of a run: ten million per second of the day, so that runs do not overlap. */
export const firstMailNumber = (at: number): number => (Math.floor((at + KST_MS) / 1_000) % 86_400) * 10_000_000 + 1;
