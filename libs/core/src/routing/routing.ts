import { ruleObstacles } from './account-rules.js';
import type { ListAudience } from '../audience.js';
import type { AttachmentSizes } from '../attachments.js';
import type { Obstacle } from './obstacle.js';
import { pointerSegment, type FieldErrorCode } from '../problem.js';
import type { Capabilities } from '../provider-parts/capabilities.js';
import type { EmailProvider } from '../provider.js';
import { whereIs } from './recipient-limits.js';
import { listObstacles } from './list-obstacles.js';
import { compileContent } from '../substitution/compile.js';
import type { ParsedContent } from '../substitution/parts.js';
import { leastLength, mostBytes } from '../substitution/size-bounds.js';
import type { ValueOfRecipient } from '../substitution/value-sizes.js';
import type { Category, Delivery, Variables } from '../message.js';

/** The facts about a message and its recipients that routing uses. */
export interface MessageProfile {
  readonly category: Category;
  readonly delivery: Delivery;
  readonly content: ParsedContent;
  /** The texts come from a template at the account. */
  readonly providerTemplate?: boolean;
  readonly variables: Variables;
  /** Names of variables that some recipient sets. */
  readonly overridden: ReadonlySet<string>;
  readonly senderNameBytes: number;
  readonly senderAddress: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Id of the template, when it is stored at the account. */
  readonly providerTemplateId?: string;
  readonly attachments?: AttachmentSizes;
  /** Where it goes instead of to recipients. */
  readonly list?: ListAudience;
  /** Which text becomes the body; `html` unless given. */
  readonly bodyField?: 'html' | 'text';
  /** Upper bound of a mail's body after substitution. */
  readonly bodyBytes: number;
  /** The recipient's value by which a body is larger than `limit`, if it is one. */
  readonly culprit?: (limit: number) => ValueOfRecipient | undefined;
}

/** Can this account send it, and if not, why. Every reason is a sentence for the caller. */
export interface Candidate {
  readonly provider: string;
  readonly able: boolean;
  readonly reasons: readonly string[];
  /** The message's route keeps it from this account, whatever the account could do: the first reason says why. */
  readonly outside?: true;
}

export type RoutableProvider = Pick<EmailProvider, 'name' | 'capabilities' | 'dialect' | 'audience'>;

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Judges one account by the message; `RecipientWatch` judges its recipients. Only what can't be expressed or is documented as refused counts (law 10: refuse loudly). */
export function judge(profile: MessageProfile, provider: RoutableProvider): Candidate {
  const reasons = obstaclesOf(profile, provider).map(({ detail }) => detail);
  return { provider: provider.name, able: reasons.length === 0, reasons };
}

export const obstaclesOf = (profile: MessageProfile, provider: RoutableProvider): readonly Obstacle[] => [
  ...listObstacles(profile, provider),
  ...formObstacles(profile, provider.capabilities),
  ...featureObstacles(profile, provider.capabilities),
  ...ruleObstacles({ ...profile, files: profile.attachments?.names ?? [] }, provider.capabilities),
  ...sizeObstacles(profile, provider),
];

/** Kinds of mail that an account does not have at all. */
function formObstacles(
  { category, delivery, attachments }: MessageProfile,
  { limits, rules }: Capabilities,
): Obstacle[] {
  const sharedAd = category === 'marketing' && delivery === 'shared';
  const files = attachments?.count ?? 0;
  const why = rules.withoutAttachments === undefined ? '' : `: ${rules.withoutAttachments}`;
  const refused: readonly (readonly [refused: boolean, pointer: string, detail: string])[] = [
    [sharedAd && rules.sharedAdvertisements === false, '/delivery', 'it sends advertisements only as individual mail'],
    [files > 0 && limits.attachmentCount === 0, '/attachments', `it takes no attachments${why}`],
  ];
  return refused.filter(([is]) => is).map(([, pointer, detail]) => ({ pointer, code: 'not_allowed', detail }));
}

function featureObstacles(profile: MessageProfile, { features }: Capabilities): Obstacle[] {
  const obstacles: Obstacle[] = [];
  const add = (pointer: string, detail: string): void => void obstacles.push({ pointer, code: 'not_allowed', detail });
  if (Object.keys(profile.headers).length > 0 && !features.customHeaders) add('/headers', 'it takes no custom headers');
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
  readonly line?: number;
  readonly code: FieldErrorCode;
}

function sizeObstacles(profile: MessageProfile, provider: RoutableProvider): Obstacle[] {
  return [...sizeChecks(profile, provider), ...fileChecks(profile, provider.capabilities)]
    .filter(({ size, limit }) => size > limit)
    .map(({ what, size, limit, unit, pointer, line, code }) => ({
      detail: `${what} has ${size} ${unit}, it takes ${limit}`,
      pointer,
      ...(line !== undefined && { line }),
      code,
    }));
}

function sizeChecks(profile: MessageProfile, provider: RoutableProvider): SizeCheck[] {
  const { limits } = provider.capabilities;
  const compiled = compiledSizes(profile, provider);
  const body = bodyField(profile);
  const check = (what: string, of: [size: number, limit: number, unit: string], at: [string, FieldErrorCode]) => ({
    what,
    size: of[0],
    limit: of[1],
    unit: of[2],
    pointer: at[0],
    code: at[1],
  });
  return [
    check('the subject in its syntax', [compiled.subject, limits.subjectBytes, 'bytes'], ['/subject', 'too_long']),
    check('the body in its syntax', [compiled.body, limits.bodyBytes, 'bytes'], [body, 'too_large']),
    longestBody(profile, limits.bodyBytes),
    check('the sender name', [profile.senderNameBytes, limits.senderNameBytes, 'bytes'], ['/from', 'too_long']),
    check(
      'the sender address',
      [profile.senderAddress.length, limits.senderAddressLength, 'characters'],
      ['/from', 'too_long'],
    ),
  ];
}

/** Points at the recipient whose value is to blame, where there is one. */
function longestBody(profile: MessageProfile, limit: number): SizeCheck {
  const { bodyBytes: size } = profile;
  const check = { what: 'the longest body', size, limit, unit: 'bytes', code: 'too_large' } as const;
  const culprit = profile.culprit?.(limit);
  if (culprit?.recipient.place === undefined) return { ...check, pointer: bodyField(profile) };
  const { recipient, name, bytes } = culprit;
  const what = `with this value of ${bytes} bytes ${check.what}`;
  return { ...check, what, ...whereIs(recipient, `/variables/${pointerSegment(name)}`) };
}

function fileChecks({ attachments: files }: MessageProfile, { limits }: Capabilities): SizeCheck[] {
  if (files === undefined || limits.attachmentCount === 0) return [];
  const at = { pointer: '/attachments' };
  const large = { ...at, unit: 'bytes', code: 'too_large' } as const;
  return [
    {
      ...at,
      what: 'the message',
      size: files.count,
      limit: limits.attachmentCount,
      unit: 'attachments',
      code: 'too_many',
    },
    { ...large, what: 'the largest attachment', size: files.largestBytes, limit: limits.attachmentBytes },
    { ...large, what: 'the total of all attachments', size: files.totalBytes, limit: limits.attachmentTotalBytes },
  ];
}

/**
 * Bytes of the texts in the provider's syntax; only a lower bound where that is too much already (not written out), or
 * an upper bound where that is not too much.
 */
function compiledSizes(
  { content, variables, overridden }: MessageProfile,
  { capabilities, dialect }: RoutableProvider,
) {
  const values = { defaults: variables, overridden };
  const least = { subject: leastLength(content.subject, values), body: leastLength(content.body, values) };
  const { subjectBytes, bodyBytes } = capabilities.limits;
  if (least.subject > subjectBytes || least.body > bodyBytes) return least;
  const most = mostBytes(content, dialect, values);
  if (most.subject <= subjectBytes && most.body <= bodyBytes) return most;
  const compiled = compileContent(content, dialect, values);
  return { subject: bytesOf(compiled.subject), body: bytesOf(compiled.body) };
}
