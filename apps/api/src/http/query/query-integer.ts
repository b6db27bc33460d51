import { z } from 'zod';
import { issue } from '../fields/issue.js';

const DIGITS = /^\d+$/;
/** More digits than the largest number of any parameter. */
const MOST_DIGITS = 15;

/** A whole number in a query: decimal digits and nothing else, so not `0x10`, `1e2`, ` 5` or `+5`. */
export const queryInteger = (min: number, max: number) =>
  z
    .unknown()
    .transform((text, ctx): number => {
      if (typeof text !== 'string' || !DIGITS.test(text)) {
        ctx.addIssue(issue('invalid_type', 'must be a whole number, in decimal digits'));
      } else if (text.length > MOST_DIGITS || Number(text) > max) {
        ctx.addIssue(issue('too_large', `must be at most ${max}`));
      } else if (Number(text) < min) {
        ctx.addIssue(issue('not_allowed', `must be at least ${min}`));
      }
      return Number(text);
    })
    .meta({ type: 'integer', minimum: min, maximum: max });
