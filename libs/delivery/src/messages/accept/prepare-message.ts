import { firstBatchStatus, inheritedStatus, type MessageSpec } from '@gateway/core';
import type { MessageRows, NewMessage } from '@gateway/database';
import { newUuid } from '@gateway/platform';
import { audienceColumns } from './message-audience.js';
import { templateColumns } from './message-template.js';
import type { Route } from './route-message.js';

// A job for a message in the far future would only take up room; the recovery sweep finds it when it is due.
const LONGEST_QUEUE_DELAY_MS = 600_000;

/** The rows of a message, once its recipients and its account are known. */
export interface MessageParts {
  readonly id: string;
  readonly clientId: string;
  readonly requestId: string;
  /** The key that sends it. */
  readonly keyId: string | undefined;
  /** Another key must release what this one sends. */
  readonly needsRelease: boolean;
  readonly spec: MessageSpec;
  readonly redriveOf: string | undefined;
  readonly recipientCount: number;
  readonly route: Route;
  readonly createdAt: Date;
  /** Its account is closed: a job would be dropped. */
  readonly waits: boolean;
}

const FIRST_EVENTS = { held: 'message.held', scheduled: 'message.scheduled', queued: 'message.accepted' } as const;

/** The rows of a message; its recipients are written with them or were copied before. */
export function prepareMessage(parts: MessageParts, recipients: MessageRows['recipients']): MessageRows {
  const message = messageOf(parts);
  const batches = parts.route.batches.map(({ from, to }) => ({ id: newUuid(), positionFrom: from, positionTo: to }));
  return {
    message,
    recipients,
    batches,
    events: [
      {
        id: newUuid(),
        type: FIRST_EVENTS[firstBatchStatus(message)],
        data: { provider: message.provider, recipientCount: message.recipientCount, batchCount: batches.length },
      },
    ],
    enqueuedAt: !parts.waits && !message.hold && isEnqueued(message, parts.createdAt) ? message.createdAt : null,
    ofList: parts.spec.list !== undefined,
  };
}

/** Milliseconds until it is due. */
export const delayOf = ({ sendAt }: Pick<NewMessage, 'sendAt'>, now: Date): number =>
  sendAt === null ? 0 : Math.max(0, sendAt.getTime() - now.getTime());

export const isEnqueued = (message: Pick<NewMessage, 'sendAt'>, now: Date): boolean =>
  delayOf(message, now) <= LONGEST_QUEUE_DELAY_MS;

function messageOf({ id, clientId, requestId, spec, route, createdAt, ...parts }: MessageParts): NewMessage {
  const [hold, sendAt] = [spec.hold || parts.needsRelease, spec.sendAt ?? null];
  const status = inheritedStatus(firstBatchStatus({ hold, sendAt }));
  return {
    id,
    clientId,
    category: spec.category,
    delivery: spec.delivery,
    requestedProvider: spec.provider,
    provider: route.routing.provider,
    fromAddress: spec.from.address,
    fromName: spec.from.name ?? null,
    subject: spec.content.subject,
    html: spec.content.html ?? null,
    text: spec.content.text ?? null,
    variables: spec.variables,
    headers: spec.headers,
    metadata: spec.metadata,
    tags: spec.tags,
    onQuota: spec.onQuota,
    allowSplit: spec.allowSplit,
    sendAt,
    hold,
    heldBy: parts.needsRelease ? (parts.keyId ?? null) : null,
    recipientCount: parts.recipientCount,
    suppressedCount: 0,
    batchCount: route.batches.length,
    counts: { [status]: parts.recipientCount },
    routing: route.routing,
    warnings: [...warningsFor(spec), ...route.warnings],
    requestId,
    createdBy: parts.keyId ?? null,
    attachmentIds: spec.attachments,
    ...templateColumns(spec),
    ...audienceColumns(spec, hold, createdAt),
    redriveOf: parts.redriveOf ?? null,
    watchedRouteId: route.watchedRouteId,
    createdAt,
  };
}

function warningsFor(spec: MessageSpec): string[] {
  const both = spec.content.html !== undefined && spec.content.text !== undefined;
  return both ? ['The providers send one body: html goes out, text is only kept here.'] : [];
}
