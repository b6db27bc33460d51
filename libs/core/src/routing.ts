import type { RecipientType } from './message.js';
import type { Capabilities, EmailProvider } from './provider.js';
import { compileContent, leastLength, type ParsedContent } from './substitution/compile.js';
import type { Category, Delivery, Variables } from './message.js';

/** What routing needs to know of a message and its recipients. */
export interface MessageProfile {
  readonly category: Category;
  readonly delivery: Delivery;
  /** May a shared mail become several? Where this is `false`, an account must take it in one request. */
  readonly allowSplit?: boolean;
  readonly content: ParsedContent;
  readonly variables: Variables;
  /** Names of variables that some recipient sets. */
  readonly overridden: ReadonlySet<string>;
  readonly senderNameBytes: number;
  readonly senderAddressLength: number;
  readonly hasHeaders: boolean;
  /** Upper bound of a mail's body after substitution. */
  readonly bodyBytes: number;
  readonly longestAddress: number;
  readonly longestName: number;
  readonly recipientCounts: Readonly<Record<RecipientType, number>>;
}

/** Can this account send it, and if not, why. Every reason is a sentence for the caller. */
export interface Candidate {
  readonly provider: string;
  readonly able: boolean;
  readonly reasons: readonly string[];
}

export type RoutableProvider = Pick<EmailProvider, 'name' | 'capabilities' | 'dialect'>;

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Judges one account. Only what can't be expressed or is documented as refused counts (law 10: refuse loudly). */
export function judge(profile: MessageProfile, provider: RoutableProvider): Candidate {
  const reasons = [...featureReasons(profile, provider.capabilities), ...sizeReasons(profile, provider)];
  return { provider: provider.name, able: reasons.length === 0, reasons };
}

function featureReasons(profile: MessageProfile, { features }: Capabilities): string[] {
  const reasons: string[] = [];
  if (profile.hasHeaders && !features.customHeaders) reasons.push('it takes no custom headers');
  const usesUrl = profile.content.body.some((p) => p.kind === 'unsubscribe' && p.form === 'url');
  if (usesUrl && !features.unsubscribeUrl) reasons.push('it has no token for {{unsubscribeUrl}}; use {{unsubscribe}}');
  return reasons;
}

function sizeReasons(profile: MessageProfile, provider: RoutableProvider): string[] {
  const { limits } = provider.capabilities;
  const compiled = compiledSizes(profile, provider);
  const checks: readonly [what: string, size: number, limit: number, unit: string][] = [
    ['the subject in its syntax', compiled.subject, limits.subjectBytes, 'bytes'],
    ['the body in its syntax', compiled.body, limits.bodyBytes, 'bytes'],
    ['the longest body', profile.bodyBytes, limits.bodyBytes, 'bytes'],
    ['the sender name', profile.senderNameBytes, limits.senderNameBytes, 'bytes'],
    ['the sender address', profile.senderAddressLength, limits.senderAddressLength, 'characters'],
    ['the longest recipient address', profile.longestAddress, limits.recipientAddressLength, 'characters'],
    ['the longest recipient name', profile.longestName, limits.recipientNameLength, 'bytes'],
    ['the shared mail', unsplitRecipients(profile), limits.recipientsPerSharedMail, 'recipients'],
  ];
  return checks
    .filter(([, size, limit]) => size > limit)
    .map(([what, size, limit, unit]) => `${what} has ${size} ${unit}, it takes ${limit}`);
}

function unsplitRecipients({ delivery, allowSplit, recipientCounts: { to, cc, bcc } }: MessageProfile): number {
  return delivery === 'shared' && allowSplit === false ? to + cc + bcc : 0;
}

/** Bytes of the texts in the provider's syntax; only a lower bound where that is too much already (not written out). */
function compiledSizes(
  { content, variables, overridden }: MessageProfile,
  { capabilities, dialect }: RoutableProvider,
) {
  const values = { defaults: variables, overridden };
  const least = { subject: leastLength(content.subject, values), body: leastLength(content.body, values) };
  const { subjectBytes, bodyBytes } = capabilities.limits;
  if (least.subject > subjectBytes || least.body > bodyBytes) return least;
  const compiled = compileContent(content, dialect, values);
  return { subject: bytesOf(compiled.subject), body: bytesOf(compiled.body) };
}
