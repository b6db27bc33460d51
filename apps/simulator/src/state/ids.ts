const KST_MS = 9 * 3_600_000;

// All rows of a page share their time, so the last one written is worth keeping.
let last = { at: Number.NaN, text: '' };

/** `yyyyMMddHHmmss…` at UTC+9: the time in the ids of both vendors. */
export function idTime(epochMs: number): string {
  if (epochMs !== last.at) last = { at: epochMs, text: new Date(epochMs + KST_MS).toISOString().replace(/\D/g, '') };
  return last.text;
}

/** First mail number of a run: ten million per second of the day, so that runs do not overlap. */
export const firstMailNumber = (at: number): number => (Math.floor((at + KST_MS) / 1_000) % 86_400) * 10_000_000 + 1;
