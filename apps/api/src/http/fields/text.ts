import { z } from 'zod';
import { issue } from './issue.js';

/**
 * UTF-16 units that one composed character may come in: a syllable of Hangul in three letters, a Latin letter with some
 * marks. Composing takes time with the square of a run of marks, so what cannot become short enough is not composed.
 */
const UNITS_A_CHARACTER = 4;

export const mayFit = (text: string, longest: number): boolean => text.length <= longest * UNITS_A_CHARACTER;

/** Trims and composes a text (Unicode NFC) that is to have at most so many characters. For `transform`. */
export const composed =
  (longest: number) =>
  (text: string, ctx: z.core.$RefinementCtx<string>): string => {
    if (mayFit(text, longest)) return text.trim().normalize('NFC');
    ctx.addIssue(issue('too_long', `must be at most ${longest} characters`));
    return z.NEVER;
  };
