import type { StatusWords } from '../../naver/track/words.js';

/** Values for a recipient that opted out are not documented; at mail level it is FAILED (sens.md §5). */
const OPTED_OUT = /UNSUBSCRI|OPT[_-]?OUT/i;

/** sens.md §3 and §5. */
export const sensWords: StatusWords = {
  success: 'COMPLETED',
  failed: 'FAILED',
  partlyFailed: 'PARTIAL_FAILED',
  plain: {
    PREPARING: 'submitted',
    READY: 'submitted',
    RESERVED: 'submitted',
    SENDING: 'sending',
    CANCELED: 'cancelled',
    CANCELLED: 'cancelled',
  },
  isOptedOut: (status) => OPTED_OUT.test(status),
};

/** After these nothing more happens, and get request names no pause (§3). */
const TERMINAL: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'PARTIAL_FAILED', 'CANCELED', 'CANCELLED']);

export const isTerminal = (status: string): boolean => TERMINAL.has(status);
