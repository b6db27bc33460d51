import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Shape } from '../../shared/status';
import { useRelative, useSpan } from '../../shared/time';
import type { AccountAct } from './account-acts';
import classes from './now.module.css';
import type { Problem } from './problems';

interface Props {
  readonly problems: readonly Problem[];
  readonly onAct?: (act: AccountAct) => void;
}

export function ProblemList({ problems, onAct }: Props): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-live="polite" aria-label={t('now.problems')}>
      <h2>
        {t('now.problems')} {problems[0] && <span className={`tone-${problems[0].tone}`}>{problems.length}</span>}
      </h2>
      {problems.length === 0 ? (
        <p className="padded row">
          <Shape tone="good" />
          {t('now.noProblems')}
        </p>
      ) : (
        <ul className={classes.problems}>
          {problems.map((problem) => (
            <ProblemRow key={`${problem.kind} ${problem.account ?? ''}`} problem={problem} {...(onAct && { onAct })} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Every name that a sentence may ask for; each sentence uses some of them. */
const NO_VALUES = { n: 0, percent: 0, failing: 0, paused: 0, reason: '', detail: '' };

function ProblemRow({ problem, onAct }: { readonly problem: Problem; readonly onAct?: Props['onAct'] }): ReactNode {
  const { t } = useTranslation();
  const span = useSpan();
  const relative = useRelative();
  const { kind, tone, account, verb, since, until, ageSeconds } = problem;
  const age = ageSeconds === undefined ? '' : span(ageSeconds);
  const values = { ...NO_VALUES, ...problem.values, account: account ?? '', age };
  return (
    <li className={classes.problem}>
      <Shape tone={tone} />
      <div className={classes.words}>
        <strong className={`tone-${tone}`}>{t(`now.problem.${kind}`, values)}</strong>
        <span className="dim">
          {t(`now.hint.${kind}`, values)} {since && t('now.since', { when: relative(since) })}{' '}
          {until && t('now.until', { when: relative(until) })}
        </span>
      </div>
      {verb === 'resume' && account !== undefined && onAct && (
        <Button onClick={() => onAct({ verb, account })}>{t('now.resume')}</Button>
      )}
      {verb === 'show' && account !== undefined && (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/messages" search={{ q: `account:${account}` }} {...props} />}
        >
          {t('now.show')}
        </Button>
      )}
      {verb === 'showHeld' && (
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/messages" search={{ q: 'status:held' }} {...props} />}
        >
          {t('now.show')}
        </Button>
      )}
    </li>
  );
}
