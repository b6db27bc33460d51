import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '../../gateway/accounts';
import { useAfterEvents } from '../../gateway/live';
import { useMay } from '../../gateway/use-session';
import { Empty, Forbidden, Loaded, Loading } from '../../shared/states';
import { useRelative } from '../../shared/time';
import { AccountsTable } from './accounts-table';
import { PauseAccount, ResumeAccount, type AccountAct } from './account-acts';
import { ProblemList } from './problem-list';
import { problemsOf } from './problems';
import { heldQuery, workloadQuery } from './queries';

// The charts are as large as all the rest of this screen.
const HourChart = lazy(() => import('./hour-chart'));

/** The first look of an operator: what is wrong, and what cures it. */
export function NowScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const work = useQuery({ ...workloadQuery, enabled: may('providers') });
  const accounts = useQuery({ ...accountsQuery, enabled: may('providers') });
  const held = useQuery({ ...heldQuery, enabled: may('messages:read') });
  const client = useQueryClient();
  const relative = useRelative();
  const [act, setAct] = useState<AccountAct>();
  const reload = (): void => {
    void client.invalidateQueries({ queryKey: workloadQuery.queryKey });
    void client.invalidateQueries({ queryKey: accountsQuery.queryKey });
    void client.invalidateQueries({ queryKey: heldQuery.queryKey });
  };
  useAfterEvents(reload);
  if (!may('providers')) return <Forbidden scope="providers" />;
  const both = {
    data: work.data && accounts.data ? { work: work.data, accounts: accounts.data } : undefined,
    error: work.error ?? accounts.error,
    refetch: reload,
  };
  const end = (): void => {
    setAct(undefined);
    reload();
  };
  return (
    <div className="stack">
      <div className="row spread">
        <div className="row">
          <h1>{t('now.title')}</h1>
          {accounts.data?.some(({ sandbox }) => sandbox) === true && <span className="tag">{t('now.sandbox')}</span>}
        </div>
        {work.data && <span className="dim">{t('now.readAt', { ago: relative(work.data.readAt) })}</span>}
      </div>
      <Loaded query={both} rows={8}>
        {({ work, accounts }) => (
          <div className="stack">
            <ProblemList
              problems={problemsOf(accounts, work, held.data ?? undefined)}
              {...(may('providers:write') && { onAct: setAct })}
            />
            <section className="panel">
              <h2>{t('now.accounts')}</h2>
              {accounts.length === 0 ? (
                <Empty>{t('now.noAccounts')}</Empty>
              ) : (
                <AccountsTable accounts={accounts} work={work} {...(may('providers:write') && { onAct: setAct })} />
              )}
            </section>
            <section className="panel">
              <h2>{t('now.hour')}</h2>
              <Suspense fallback={<Loading rows={3} />}>
                <HourChart minutes={work.minutes} readAt={work.readAt} />
              </Suspense>
            </section>
            {act?.verb === 'pause' && <PauseAccount name={act.account} work={work} onClose={end} />}
            {act?.verb === 'resume' && <ResumeAccount name={act.account} work={work} onClose={end} />}
          </div>
        )}
      </Loaded>
    </div>
  );
}
