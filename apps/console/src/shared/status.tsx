import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { words } from './words';

/** The meaning of a state for an operator. Each has a shape, a word and a colour; none relies on the colour alone. */
export type Tone = 'good' | 'moving' | 'waiting' | 'doubt' | 'bad' | 'aside';

export const tones: readonly Tone[] = ['bad', 'doubt', 'waiting', 'moving', 'good', 'aside'];

const SHAPES: Readonly<Record<Tone, ReactNode>> = {
  good: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  moving: <path d="M2.5 1.5 10.5 6l-8 4.5z" fill="currentColor" />,
  waiting: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.75" />,
  doubt: <path d="M6 .8 11.2 6 6 11.2.8 6zM6 3v6" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  bad: <path d="M1 1h10v10H1zM3.6 3.6l4.8 4.8M8.4 3.6 3.6 8.4" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  aside: <path d="M1.5 6h9" stroke="currentColor" strokeWidth="2" />,
};

const OF_STATUS: Readonly<Record<string, Tone>> = {
  ...tonesOf('good', 'settled delivered sent completed accepted adopted healthy ok closed'),
  ...tonesOf('moving', 'running dispatching dispatched submitted sending half_open'),
  ...tonesOf('waiting', 'held scheduled queued deferred pending'),
  ...tonesOf('doubt', 'unconfirmed partially_failed paused'),
  ...tonesOf('bad', 'bounced failed rejected expired refused failing open'),
};

function tonesOf(tone: Tone, statuses: string): Record<string, Tone> {
  return Object.fromEntries(statuses.split(' ').map((status) => [status, tone]));
}

export const toneOf = (status: string): Tone => OF_STATUS[status] ?? 'aside';

export function Shape({ tone }: { readonly tone: Tone }): ReactNode {
  return (
    <svg
      className={`tone-${tone}`}
      width="11"
      height="11"
      viewBox="0 0 12 12"
      aria-hidden="true"
      style={{ flex: 'none', alignSelf: 'center' }}
    >
      {SHAPES[tone]}
    </svg>
  );
}

type StatusWord = keyof typeof words.ko.status;

const isKnown = (status: string): status is StatusWord => status in words.ko.status;

/** A state's word in the operator's language; a status that this console does not know yet is shown as it came. */
export function useStatusWord(): (status: string) => string {
  const { t } = useTranslation();
  return (status) => (isKnown(status) ? t(`shared.status.${status}`) : status);
}

export function Status({
  status,
  tone = toneOf(status),
}: {
  readonly status: string;
  readonly tone?: Tone;
}): ReactNode {
  const word = useStatusWord();
  return (
    <span
      className={`nowrap tone-${tone}`}
      style={{ display: 'inline-flex', alignItems: 'baseline', gap: 5 }}
      title={status}
    >
      <Shape tone={tone} />
      {word(status)}
    </span>
  );
}
