import { z } from 'zod';
import { issue } from './issue.js';

const DURATION = /^P(?=\d|T\d)(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/;

/** An ISO 8601 duration of days to seconds, such as `PT24H` or `P1DT12H`, as milliseconds. */
export const durationText = (maxMs: number) =>
  z
    .string()
    .max(50)
    .transform((text, ctx): number => {
      const match = DURATION.exec(text);
      if (match === null) {
        ctx.addIssue(issue('invalid_type', 'must be an ISO 8601 duration like PT24H, P7D or PT0S'));
        return z.NEVER;
      }
      const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
      const ms = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
      if (ms > maxMs) ctx.addIssue(issue('too_large', `must be at most ${maxMs / 86_400_000} days`));
      return ms;
    });
