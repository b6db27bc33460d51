import type { Batch, GatewayEvent } from '@gateway/client';
import { toneOf, type Tone } from '../../shared/status';
import type { Push } from './queries';

export type Kind = 'event' | 'attempt' | 'webhook';

/** One thing that happened, wherever it was noted. */
export interface Moment {
  readonly key: string;
  readonly at: string;
  readonly kind: Kind;
  readonly tone: Tone;
  /** A type of event, or an attempt's number and outcome. */
  readonly what: string | { readonly attempt: number; readonly outcome: string | undefined };
  readonly address?: string;
  readonly sealed?: string;
  readonly positions?: readonly [from: number, to: number];
  readonly words: string;
  /** How many alike follow one another. */
  readonly times: number;
}

/** Events, requests with the provider's words, and pushes, in the order of time. */
export function momentsOf(
  events: readonly GatewayEvent[],
  batches: readonly Batch[],
  pushes: readonly Push[],
): readonly Moment[] {
  const all = [...events.map(ofEvent), ...batches.flatMap(ofBatch), ...pushes.map(ofPush)];
  return folded(all.sort((a, b) => a.at.localeCompare(b.at)));
}

function ofEvent(event: GatewayEvent): Moment {
  const { id, at, type, data } = event;
  const address = 'address' in event ? event.address : undefined;
  const [, what = type] = type.split('.');
  return {
    key: id,
    at,
    kind: 'event',
    tone: toneOf(what),
    what: type,
    ...(address !== undefined && { address }),
    ...('sealed' in event && typeof event.sealed === 'string' && { sealed: event.sealed }),
    words: wordsOf(data),
    times: 1,
  };
}

function ofBatch(batch: Batch): Moment[] {
  const positions = [batch.positionFrom, batch.positionTo] as const;
  return batch.attempts.flatMap((attempt) => {
    const common = { kind: 'attempt', positions, times: 1 } as const;
    const key = `${batch.id} ${attempt.number}`;
    const begun: Moment = {
      ...common,
      key: `${key} begun`,
      at: attempt.startedAt,
      tone: 'moving',
      what: { attempt: attempt.number, outcome: undefined },
      words: batch.provider,
    };
    if (attempt.finishedAt === null) return [begun];
    const outcome = attempt.outcome ?? 'unconfirmed';
    const status = attempt.httpStatus === null ? undefined : `HTTP ${attempt.httpStatus}`;
    const words = [status, attempt.providerCode, attempt.providerMessage, attempt.detail].filter(Boolean).join(' · ');
    return [
      begun,
      {
        ...common,
        key,
        at: attempt.finishedAt,
        tone: toneOf(outcome),
        what: { attempt: attempt.number, outcome },
        words,
      },
    ];
  });
}

const ofPush = ({ endpoint, delivery }: Push): Moment => ({
  key: delivery.id,
  at: delivery.createdAt,
  kind: 'webhook',
  tone: toneOf(delivery.status),
  what: delivery.type,
  words: `${delivery.status} · ${endpoint}`,
  times: 1,
});

/** The values of an event in one line. */
const wordsOf = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');

/** A thousand deliveries in a row are one line. */
function folded(moments: readonly Moment[]): readonly Moment[] {
  const lines: Moment[] = [];
  for (const moment of moments) {
    const last = lines.at(-1);
    const isAlike =
      last?.kind === 'event' && moment.kind === 'event' && last.what === moment.what && isOfRecipient(moment);
    if (last && isAlike) lines[lines.length - 1] = { ...last, times: last.times + 1 };
    else lines.push(moment);
  }
  return lines;
}

const isOfRecipient = ({ what }: Moment): boolean => typeof what === 'string' && what.startsWith('recipient.');
