import { GatewayProblem } from '@gateway/client';
import { Alert, Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scope } from '../gateway/session';

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

const detailOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A failed call: what went wrong, the request's number for the log, and a way on. */
export function Failure({ error, again }: { readonly error: unknown; readonly again?: () => void }): ReactNode {
  const { t } = useTranslation();
  const requestId = error instanceof GatewayProblem ? error.requestId : undefined;
  return (
    <Alert color="red" variant="outline" title={t('shared.failed')} role="alert" m={8}>
      <div className="stack">
        <span>{detailOf(error)}</span>
        <span className="dim">
          {t('shared.failedHint')} {requestId !== undefined && t('shared.requestId', { id: requestId })}
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
  const { data, error } = query;
  if (data === undefined) {
    return error ? <Failure error={error} again={() => void query.refetch()} /> : <Loading {...(rows && { rows })} />;
  }
  return (
    <>
      {error !== null && error !== undefined && (
        <p role="status" className="padded tone-doubt">
          {t('shared.stale')} {detailOf(error)}
        </p>
      )}
      {children(data)}
    </>
  );
}
