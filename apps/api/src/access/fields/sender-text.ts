import { addressKey, normaliseAddress, normaliseDomain } from '@gateway/core';
import { z } from 'zod';
import { issue } from '../../http/fields/issue.js';

/** A sender address or a domain, in the form that senders are compared by. */
export const senderText = z
  .string()
  .max(1000)
  .transform((text, ctx): string => {
    const normal = text.includes('@') ? normaliseAddress(text) : normaliseDomain(text.trim());
    if (normal !== undefined) return addressKey(normal);
    ctx.addIssue(issue('invalid_address', 'must be an address like no-reply@example.com or a domain like example.com'));
    return z.NEVER;
  });
