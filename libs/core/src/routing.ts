import type { ListAudience } from './audience.js';
import type { AttachmentSizes } from './attachments.js';
import type { Obstacle } from './obstacle.js';
import type { FieldErrorCode } from './problem.js';
import type { RecipientType } from './message.js';
import type { Capabilities, EmailProvider } from './provider.js';
import { listObstacles } from './routing-lists.js';
import { compileContent, leastLength, type ParsedContent } from './substitution/compile.js';
import type { Category, Delivery, Variables } from './message.js';

/** What routing needs to know of a message and its recipients. */
export interface MessageProfile {
  readonly category: Category;
  readonly delivery: Delivery;
  /** May a shared mail become several? Where this is `false`, an account must take it in one request. */
  readonly allowSplit?: boolean;
  readonly content: ParsedContent;
  /** The texts come from a template that stands at the account. */
  readonly providerTemplate?: boolean;
  readonly variables: Variables;
  /** Names of variables that some recipient sets. */
  readonly overridden: ReadonlySet<string>;
  readonly senderNameBytes: number;
  readonly senderAddressLength: number;
  readonly hasHeaders: boolean;
  readonly attachments?: AttachmentSizes;
  /** Where it goes instead of to recipients. */
  readonly list?: ListAudience;
  /** Which text becomes the body; `html` unless given. */
  readonly bodyField?: 'html' | 'text';
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

export type RoutableProvider = Pick<EmailProvider, 'name' | 'capabilities' | 'dialect' | 'audience'>;

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Judges one account. Only what can't be expressed or is documented as refused counts (law 10: refuse loudly). */
export function judge(profile: MessageProfile, provider: RoutableProvider): Candidate {
  const reasons = obstaclesOf(profile, provider).map(({ detail }) => detail);
  return { provider: provider.name, able: reasons.length === 0, reasons };
}

export const obstaclesOf = (profile: MessageProfile, provider: RoutableProvider): readonly Obstacle[] => [
  ...listObstacles(profile, provider),
  ...featureObstacles(profile, provider.capabilities),
  ...sizeObstacles(profile, provider),
];

function featureObstacles(profile: MessageProfile, { features }: Capabilities): Obstacle[] {
  const obstacles: Obstacle[] = [];
  const add = (pointer: string, detail: string): void => void obstacles.push({ pointer, code: 'not_allowed', detail });
  if (profile.hasHeaders && !features.customHeaders) add('/headers', 'it takes no custom headers');
  const usesUrl = profile.content.body.some((p) => p.kind === 'unsubscribe' && p.form === 'url');
  if (usesUrl && !features.unsubscribeUrl) {
    add(bodyField(profile), 'it has no token for {{unsubscribeUrl}}; use {{unsubscribe}}');
  }
  const unknownSubject = profile.providerTemplate === true && profile.content.subject.length === 0;
  if (unknownSubject && profile.category === 'authentication' && !features.findByMarker) {
    add('/subject', 'it can look an authentication mail up only by its subject; give one beside the template');
  }
  return obstacles;
}

const bodyField = ({ bodyField: field }: MessageProfile): string => `/${field ?? 'html'}`;

interface SizeCheck {
  readonly what: string;
  readonly size: number;
  readonly limit: number;
  readonly unit: string;
  readonly pointer: string;
  readonly code: FieldErrorCode;
}

function sizeObstacles(profile: MessageProfile, provider: RoutableProvider): Obstacle[] {
  return [...sizeChecks(profile, provider), ...fileChecks(profile, provider.capabilities)]
    .filter(({ size, limit }) => size > limit)
    .map(({ what, size, limit, unit, pointer, code }) => ({
      detail: `${what} has ${size} ${unit}, it takes ${limit}`,
      pointer,
      code,
    }));
}

function sizeChecks(profile: MessageProfile, provider: RoutableProvider): SizeCheck[] {
  const { limits } = provider.capabilities;
  const compiled = compiledSizes(profile, provider);
  const body = bodyField(profile);
  const check = (what: string, of: [size: number, limit: number, unit: string], at: [string, FieldErrorCode]) => ({
    ...{ what, size: of[0], limit: of[1], unit: of[2] },
    ...{ pointer: at[0], code: at[1] },
  });
  return [
    check('the subject in its syntax', [compiled.subject, limits.subjectBytes, 'bytes'], ['/subject', 'too_long']),
    check('the body in its syntax', [compiled.body, limits.bodyBytes, 'bytes'], [body, 'too_large']),
    check('the longest body', [profile.bodyBytes, limits.bodyBytes, 'bytes'], [body, 'too_large']),
    check('the sender name', [profile.senderNameBytes, limits.senderNameBytes, 'bytes'], ['/from', 'too_long']),
    check(
      'the sender address',
      [profile.senderAddressLength, limits.senderAddressLength, 'characters'],
      ['/from', 'too_long'],
    ),
    check(
      'the longest recipient address',
      [profile.longestAddress, limits.recipientAddressLength, 'characters'],
      ['/recipients', 'too_long'],
    ),
    check(
      'the longest recipient name',
      [profile.longestName, limits.recipientNameLength, 'bytes'],
      ['/recipients', 'too_long'],
    ),
    check(
      'the shared mail',
      [unsplitRecipients(profile), limits.recipientsPerSharedMail, 'recipients'],
      ['/recipients', 'too_many'],
    ),
  ];
}

function fileChecks({ attachments: files }: MessageProfile, { limits }: Capabilities): SizeCheck[] {
  if (files === undefined) return [];
  const at = { pointer: '/attachments' };
  const large = { ...at, unit: 'bytes', code: 'too_large' } as const;
  return [
    {
      ...at,
      ...{ what: 'the message', size: files.count, limit: limits.attachmentCount, unit: 'attachments' },
      code: 'too_many',
    },
    { ...large, what: 'the largest attachment', size: files.largestBytes, limit: limits.attachmentBytes },
    { ...large, what: 'the total of all attachments', size: files.totalBytes, limit: limits.attachmentTotalBytes },
  ];
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
