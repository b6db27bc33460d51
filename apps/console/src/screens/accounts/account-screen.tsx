import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { AccountActDialog, type AccountVerb } from './account-acts';
import { AccountCheck } from './account-check';
import { Abilities, HealthFacts } from './account-facts';
import { accountsQuery, type Health } from './queries';

export function AccountScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { name } = useParams({ from: '/accounts/$name' });
  const client = useQueryClient();
  const [act, setAct] = useState<AccountVerb | 'check'>();
  const accounts = useQuery({ ...accountsQuery, enabled: may('providers') });
  if (!may('providers')) return <Forbidden scope="providers" />;
  const end = (): void => {
    setAct(undefined);
    void client.invalidateQueries({ queryKey: accountsQuery.queryKey });
  };
  return (
    <div className="stack">
      <p>
        <Link to="/accounts">← {t('accounts.title')}</Link>
      </p>
      <Loaded query={accounts} rows={8}>
        {(all) => {
          const account = all.find((each) => each.name === name);
          if (account === undefined) return <Empty>{t('accounts.unknown', { name })}</Empty>;
          return (
            <>
              <div className="row spread">
                <h1>{account.name}</h1>
                {may('providers:write') && <Acts health={account.health} onAct={setAct} />}
              </div>
              <section className="panel padded">
                <HealthFacts account={account} />
              </section>
              <p>
                <Link to="/messages" search={{ q: `account:${account.name}` }}>
                  {t('accounts.messages')}
                </Link>
              </p>
              <section className="panel">
                <h2>{t('accounts.abilities')}</h2>
                <div className="padded">
                  <Abilities account={account} />
                </div>
              </section>
              {act === 'check' && <AccountCheck name={name} onClose={end} />}
              {act !== undefined && act !== 'check' && <AccountActDialog name={name} verb={act} onClose={end} />}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Acts(props: { readonly health: Health; readonly onAct: (act: AccountVerb | 'check') => void }): ReactNode {
  const { t } = useTranslation();
  const { health, onAct } = props;
  const isHeld = health.paused || health.drained === true;
  const verbs = [...(isHeld ? (['resume'] as const) : (['pause', 'drain'] as const)), 'check' as const];
  return (
    <div className="row">
      {verbs.map((verb) => (
        <Button key={verb} variant={verb === 'resume' ? 'filled' : 'default'} onClick={() => onAct(verb)}>
          {t(`accounts.verbs.${verb}`)}
        </Button>
      ))}
    </div>
  );
}
