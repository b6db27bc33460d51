import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './counts-bar.module.css';
import { Shape, toneOf, tones, useStatusWord, type Tone } from './status';

type Counts = Readonly<Record<string, number>>;

const byTone = (counts: Counts): readonly (readonly [Tone, number])[] =>
  tones.map((tone) => [
    tone,
    Object.entries(counts).reduce((sum, [status, n]) => sum + (toneOf(status) === tone ? n : 0), 0),
  ]);

/** The recipients of a message as one bar, the worst first; the words say the same to those who do not see it. */
export function CountsBar({ counts, total }: { readonly counts: Counts; readonly total: number }): ReactNode {
  const { t } = useTranslation();
  const word = useStatusWord();
  const parts = byTone(counts).filter(([, n]) => n > 0);
  const title = Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => `${word(status)} ${n.toLocaleString()}`)
    .join(', ');
  return (
    <span className={classes.all} title={title}>
      <span className={classes.bar} role="img" aria-label={title || t('shared.none')}>
        {parts.map(([tone, n]) => (
          <span
            key={tone}
            className={`${classes.part} tone-${tone}`}
            data-tone={tone}
            style={{ flexGrow: n / Math.max(total, 1) }}
          />
        ))}
      </span>
      <span className={classes.words} aria-hidden="true">
        {parts.slice(0, 2).map(([tone, n]) => (
          <span key={tone} className={`${classes.word} tone-${tone}`}>
            <Shape tone={tone} />
            {n.toLocaleString()}
          </span>
        ))}
      </span>
    </span>
  );
}
