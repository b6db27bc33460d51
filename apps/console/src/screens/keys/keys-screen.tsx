import type { ApiKey } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useSession } from '../../gateway/use-session';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { Pager } from '../../shared/pager';
import { paging } from '../../shared/paging';
import { ShownOnce } from '../../shared/show/shown-once';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { Ago } from '../../shared/time';
import { CreateKey } from './create-key';
import { RevokeKey, RotateKey } from './key-acts';
import { KeyDetails } from './key-details';
import { KeyState } from './key-state';
import { KEY, keysQuery } from './queries';

type Act = { readonly verb: 'create' } | { readonly verb: 'show' | 'rotate' | 'revoke'; readonly key: ApiKey };

/** The keys that may call the gateway, and when each was last used. */
export function KeysScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const search = useSearch({ from: '/keys' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [act, setAct] = useState<Act>();
  const [secret, setSecret] = useState<string>();
  const list = useQuery({ ...keysQuery(search.cursor), enabled: may('admin') });
  const columns = useColumns();
  if (!may('admin')) return <Forbidden scope="admin" />;
  const end = (): void => {
    setAct(undefined);
    void client.invalidateQueries({ queryKey: [KEY] });
  };
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('keys.title')}</h1>
        <Button onClick={() => setAct({ verb: 'create' })}>{t('keys.create')}</Button>
      </div>
      <section className="panel">
        <Loaded query={list}>
          {({ data, nextCursor }) => (
            <>
              <DataTable
                label={t('keys.title')}
                columns={columns}
                rows={data}
                rowKey={({ id }) => id}
                onOpen={(key) => setAct({ verb: 'show', key })}
                empty={<Empty>{t('keys.empty')}</Empty>}
              />
              <Pager
                {...paging(
                  search.cursor,
                  nextCursor,
                  (cursor) => void navigate({ to: '/keys', search: changed(search, { cursor }) }),
                )}
              />
            </>
          )}
        </Loaded>
      </section>
      {act && <Dialog act={act} setAct={setAct} onSecret={setSecret} onClose={end} />}
      {secret !== undefined && (
        <ShownOnce title={t('keys.secretTitle')} secret={secret} onClose={() => setSecret(undefined)}>
          <p>{t('keys.secretText')}</p>
        </ShownOnce>
      )}
    </div>
  );
}

function Dialog(props: {
  readonly act: Act;
  readonly setAct: (act: Act) => void;
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { act, setAct, onSecret, onClose } = props;
  switch (act.verb) {
    case 'create':
      return <CreateKey onSecret={onSecret} onClose={onClose} />;
    case 'show':
      return <KeyDetails apiKey={act.key} onAct={(verb) => setAct({ verb, key: act.key })} onClose={onClose} />;
    case 'rotate':
      return <RotateKey apiKey={act.key} onSecret={onSecret} onClose={onClose} />;
    case 'revoke':
      return <RevokeKey apiKey={act.key} onClose={onClose} />;
  }
}

function useColumns(): readonly Column<ApiKey>[] {
  const { t } = useTranslation();
  const own = useSession()?.keyId;
  return [
    { key: 'state', title: t('keys.state'), cell: (key) => <KeyState apiKey={key} /> },
    {
      key: 'name',
      title: t('keys.name'),
      wide: true,
      cell: ({ id, name }) => (
        <>
          {name} {id === own && <span className="tag">{t('keys.own')}</span>}
        </>
      ),
    },
    { key: 'client', title: t('keys.client'), cell: ({ client }) => client },
    { key: 'scopes', title: t('keys.scopes'), cell: ({ scopes }) => <code>{scopes.join(', ')}</code> },
    { key: 'used', title: t('keys.lastUsed'), cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} /> },
    {
      key: 'expires',
      title: t('keys.expires'),
      cell: ({ expiresAt }) =>
        expiresAt === null ? <span className="dim nowrap">{t('keys.never')}</span> : <Ago at={expiresAt} />,
    },
    { key: 'created', title: t('keys.created'), cell: ({ createdAt }) => <Ago at={createdAt} /> },
  ];
}
