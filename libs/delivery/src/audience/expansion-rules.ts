import type { Capabilities, ParsedContent, ParsedTexts, Variables } from '@gateway/core';
import type { ExpansionRules } from '@gateway/database';

/** Approximate size of the JSON around a recipient in a provider's request. */
const RECIPIENT_OVERHEAD_BYTES = 64;

const namesIn = (parts: ParsedContent['body']): string[] =>
  parts.flatMap((part) => (part.kind === 'variable' ? [part.name] : []));

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** The requirements of a message and its account for each recipient. @param ofProvider only the provider has the texts. */
export function expansionRules(
  message: ParsedTexts & {
    readonly variables: Variables;
    readonly ofProvider: boolean;
  },
  { limits, rules }: Pick<Capabilities, 'limits' | 'rules'>,
): ExpansionRules {
  const { content, variables, ofProvider } = message;
  const inSubject = [...new Set(namesIn(content.subject))];
  const inBody = namesIn(content.body);
  const used = [...new Set([...inSubject, ...inBody])];
  const uses: Record<string, number> = {};
  for (const name of inBody) uses[name] = (uses[name] ?? 0) + 1;
  const literals = content.body.reduce((sum, part) => sum + (part.kind === 'literal' ? bytesOf(part.text) : 0), 0);
  return {
    used: ofProvider ? null : used,
    needed: used.filter((name) => !Object.hasOwn(variables, name)),
    inSubject,
    uses,
    literalBytes: literals,
    bodyBytes: limits.bodyBytes,
    hollow: message.hollow.map(({ names }) => names),
    defaults: variables,
    addressLength: limits.recipientAddressLength,
    nameLength: limits.recipientNameLength,
    nameUnit: rules.recipientNameUnit,
  };
}

/** The number of recipients that surely fit into one request, when the largest of them has so many bytes. */
export function batchSize(limits: Capabilities['limits'], largest: number, defaults: Variables): number {
  const repeated = Object.entries(defaults).reduce((sum, [name, value]) => sum + bytesOf(name) + bytesOf(value), 0);
  const fitting = Math.floor(limits.requestBytes / (RECIPIENT_OVERHEAD_BYTES + largest + repeated));
  return Math.max(1, Math.min(limits.recipientsPerRequest, fitting));
}

/** Contiguous ranges of `size` positions over the first `count`. */
export function rangesOf(count: number, size: number): { readonly from: number; readonly to: number }[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, n) => ({
    from: n * size,
    to: Math.min(count, (n + 1) * size) - 1,
  }));
}
