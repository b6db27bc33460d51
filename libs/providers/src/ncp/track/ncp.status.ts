import type { StatusWords } from '../../naver/track/words.js';

/** `EmailStatus` (ncp.md §2). */
export const ncpWords: StatusWords = {
  success: 'S',
  failed: 'F',
  partlyFailed: 'PF',
  plain: { P: 'submitted', R: 'submitted', I: 'sending', C: 'cancelled' },
  isOptedOut: (status) => status === 'U',
};
