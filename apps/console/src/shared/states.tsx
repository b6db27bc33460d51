import { GatewayProblem } from '@gateway/client';
import { Alert, Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scope } from '../gateway/session';
import { isMaybeDone, useFieldWords, useProblemWords } from './problem';

/** More would hide the button under them. */
const FAULTS = 8;

/** Nothing to show: says why, and what to do. */
export function Empty({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className="padded dim">{children}</p>;
}

/** Its shape is that of what comes, so the page does not jump. */
export function Loading({ rows = 4 }: { readonly rows?: number }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="padded stack" role="status" aria-label={t('shared.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={14} width={`${92 - row * 9}%`} radius={2} animate={false} />
      ))}
    </div>
  );
}

/**
 * A failed call: what went wrong in the operator's words, the fields that are wrong, the request's number for the log, and
 * a way on.
 * @param isAct it was to change something, so nothing continues by itself.
 */
export function Failure(props: {
  readonly error: unknown;
  readonly again?: () => void;
  readonly isAct?: boolean;
}): ReactNode {
  const { error, again, isAct = false } = props;
  const { t } = useTranslation();
  const say = useProblemWords();
  const problem = error instanceof GatewayProblem ? error : undefined;
  const isOpen = isAct && isMaybeDone(error);
  const title = isOpen ? t('problems.actMaybe') : isAct ? t('problems.actFailed') : t('shared.failed');
  return (
    <Alert color="red" variant="outline" title={title} role="alert" m={isAct ? 0 : 8}>
      <div className="stack">
        <span>
          {say(error)} {isOpen && t('problems.actMaybeHint')}
        </span>
        {problem && <Details problem={problem} />}
        <span className="dim">
          {!isAct && t('shared.failedHint')}{' '}
          {problem?.requestId !== undefined && t('shared.requestId', { id: problem.requestId })}
        </span>
        {again && (
          <div>
            <Button variant="default" onClick={again}>
              {t('shared.again')}
            </Button>
          </div>
        )}
      </div>
    </Alert>
  );
}

/** The fields that are wrong; without any, what the gateway wrote, in English and with more than the words by code. */
function Details({ problem }: { readonly problem: GatewayProblem }): ReactNode {
  const { t } = useTranslation();
  const say = useFieldWords();
  if (problem.errors.length === 0) {
    return (
      <details>
        <summary className="dim">{t('problems.asWritten')}</summary>
        <span lang="en">{problem.detail}</span>
      </details>
    );
  }
  return (
    <ul className="faults">
      {problem.errors.slice(0, FAULTS).map((fault) => (
        <li key={`${fault.pointer} ${fault.code}`}>
          <code>{fault.pointer}</code> {say(fault)}{' '}
          <span className="dim" lang="en">
            {fault.detail}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function Forbidden({ scope }: { readonly scope: Scope }): ReactNode {
  const { t } = useTranslation();
  return <Empty>{t('shared.forbidden', { scope })}</Empty>;
}

interface Query<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/** Loading, failed, failed with an older answer, or there: every part of a screen goes through these. */
export function Loaded<T>(props: {
  readonly query: Query<T>;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}): ReactNode {
  const { query, rows, children } = props;
  const { t } = useTranslation();
  const say = useProblemWords();
  const { data, error } = query;
  if (data === undefined) {
    return error ? <Failure error={error} again={() => void query.refetch()} /> : <Loading {...(rows && { rows })} />;
  }
  return (
    <>
      {error !== null && error !== undefined && (
        <p role="status" className="padded tone-doubt">
          {t('shared.stale')} {say(error)}
        </p>
      )}
      {children(data)}
    </>
  );
}
