import { addressFault, normaliseAddress, normaliseDomain } from '@gateway/core';
import { z } from 'zod';
import { issue } from './issue.js';

/** In a query a `+` is a blank, which no address holds: the caller meant `%2B`. */
const PLUS = 'it holds a blank; a "+" in a query is written as %2B';

const read = (text: z.ZodString, why: (text: string, detail: string) => string) =>
  text.transform((text, ctx) => {
    const normal = normaliseAddress(text);
    if (normal !== undefined) return normal;
    const { code, detail } = addressFault(text);
    ctx.addIssue(issue(code, why(text, detail)));
    return z.NEVER;
  });

/** An address in a body, without a name: its normal form. */
export const addressText = read(z.string(), (_, detail) => detail);

/**
 * An address in a query, checked and normalised as one in a body.
 * @param description for the documentation; it and the example belong to the text that comes in
 */
export const queryAddress = (description: string, example = 'kim@example.com') =>
  read(z.string().meta({ description, examples: [example] }), (text, detail) =>
    /^\S+ \S*@\S+$/.test(text.trim()) ? detail.replace(/: .*|$/, `: ${PLUS}`) : detail,
  );

const domainText = z.string().meta({ description: 'Only recipients of this domain', examples: ['example.com'] });

/** The domain of addresses in a query. */
export const queryDomain = domainText.transform((text, ctx) => {
  const normal = normaliseDomain(text.trim());
  if (normal !== undefined) return normal;
  ctx.addIssue(issue('not_allowed', 'is not the domain of an e-mail address'));
  return z.NEVER;
});
