import {
  neutralTexts,
  obstaclesOf,
  type AttachmentSizes,
  type EmailProvider,
  type MessageSpec,
  type OutboundBatch,
  type Recipient,
} from '@gateway/core';
import type { ShadowExample } from '@gateway/database';
import { RecipientAnalysis } from '../messages/accept/recipient-analysis.js';

/** A message with the first of its recipients, as both accounts would be given it. */
export interface ComparedMessage {
  readonly spec: MessageSpec;
  readonly outbound: OutboundBatch;
  readonly files: AttachmentSizes;
  readonly recipients: readonly Recipient[];
  readonly recipientCount: number;
}

export type Difference = Omit<ShadowExample, 'messageId'>;

/** Characters of a text that an example shows, from shortly before the first difference on. */
const SHOWN = 200;
const BEFORE = 40;

/**
 * Differences between two accounts for a message: parts that the other one cannot express or that its request lacks,
 * and the number of requests. The requests themselves have nothing in common, so they are compared by what a reader would notice.
 */
export function compareAccounts(message: ComparedMessage, sent: EmailProvider, shadow: EmailProvider): Difference[] {
  const analysis = new RecipientAnalysis(message.spec, [sent, shadow], message.files);
  for (const recipient of message.recipients) analysis.add(recipient);
  return [
    ...obstacles(analysis, shadow),
    ...texts(message, analysis, [sent, shadow]),
    ...requests(message, sent, shadow),
  ];
}

function obstacles(analysis: RecipientAnalysis, shadow: EmailProvider): Difference[] {
  const found = [...obstaclesOf(analysis.profile, shadow), ...(analysis.watch(shadow.name)?.obstacles ?? [])];
  return found.map(({ pointer, detail }) => ({ pointer, sent: 'accepted', shadow: detail }));
}

type Pair = readonly [sent: EmailProvider, shadow: EmailProvider];

function texts({ spec }: ComparedMessage, analysis: RecipientAnalysis, pair: Pair): Difference[] {
  const { content, variables: defaults, overridden, bodyField = 'html' } = analysis.profile;
  const [sent, shadow] = pair.map(({ dialect }) => neutralTexts(content, dialect, { defaults, overridden }));
  if (sent === undefined || shadow === undefined || spec.template?.kind === 'provider') return [];
  return [
    ...difference('/subject', sent.subject, shadow.subject),
    ...difference(`/${bodyField}`, sent.body, shadow.body),
  ];
}

function difference(pointer: string, sent: string, shadow: string): Difference[] {
  if (sent === shadow) return [];
  let at = 0;
  while (sent[at] === shadow[at]) at += 1;
  const from = Math.max(0, at - BEFORE);
  return [{ pointer, sent: sent.slice(from, from + SHOWN), shadow: shadow.slice(from, from + SHOWN) }];
}

function requests(message: ComparedMessage, sent: EmailProvider, shadow: EmailProvider): Difference[] {
  const [before, after] = [facts(message, sent), facts(message, shadow)];
  if (typeof after === 'string') return [{ pointer: '/request', sent: 'built', shadow: after.slice(0, SHOWN) }];
  if (typeof before === 'string') return [];
  return Object.entries(before).flatMap(([pointer, value]) =>
    value === after[pointer] ? [] : [{ pointer, sent: value, shadow: after[pointer] ?? null }],
  );
}

/** The parts of a message that an adapter's request has. @returns why it cannot be built. */
function facts(
  { spec, outbound, recipients, recipientCount }: ComparedMessage,
  provider: EmailProvider,
): Record<string, string | number> | string {
  let text: string;
  try {
    text = JSON.stringify(provider.render(outbound).body) ?? '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const has = (value: string): boolean => text.includes(JSON.stringify(value).slice(1, -1));
  const shown = (value: string): string => (has(value) ? 'in the request' : 'not in the request');
  const { limits } = provider.capabilities;
  const most = spec.delivery === 'shared' ? limits.recipientsPerSharedMail : limits.recipientsPerRequest;
  return {
    '/from/address': shown(spec.from.address),
    ...(spec.from.name !== undefined && { '/from/name': shown(spec.from.name) }),
    '/recipients': recipients.filter(({ address }) => has(address)).length,
    ...Object.fromEntries(Object.entries(spec.headers).map(([name, value]) => [`/headers/${name}`, shown(value)])),
    '/batchCount': Math.ceil(recipientCount / most),
  };
}
