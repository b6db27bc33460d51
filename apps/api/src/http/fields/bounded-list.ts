import { z } from 'zod';
import { issue } from './issue.js';

/** A list whose length is checked before its elements are: a hostile one may have a million. */
export const boundedList = <T extends z.ZodType>(element: T, min: number, max: number) =>
  z.preprocess((value, ctx) => {
    if (!Array.isArray(value) || value.length <= max) return value;
    ctx.addIssue(issue('too_many', `must have at most ${max} entries`));
    return z.NEVER;
  }, z.array(element).min(min).max(max));
