import { urlFault } from '@gateway/platform';
import { z } from 'zod';
import { issue } from '../../http/fields/issue.js';

const LONGEST = 2048;

/** A URL to send events to, without its fragment. Whether it may be contacted is checked later. */
export const targetUrl = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST)
  .transform((text, ctx): string => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const fault = url === undefined ? 'is not a URL' : urlFault(url);
    if (url === undefined || fault !== undefined) {
      ctx.addIssue(issue('not_allowed', fault ?? ''));
      return z.NEVER;
    }
    url.hash = '';
    if (url.href.length > LONGEST) ctx.addIssue(issue('too_long', `must be at most ${LONGEST} characters`));
    return url.href;
  })
  .meta({ description: 'Where events are sent', examples: ['https://hooks.example.com/email'] });
