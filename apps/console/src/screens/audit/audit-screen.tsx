import type { AuditEntry } from '@gateway/client';
import { Modal } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { useMay } from '../../gateway/use-session';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { Filters } from '../../shared/filters';
import { instantOf } from '../../shared/instant';
import { Pager } from '../../shared/pager';
import { paging } from '../../shared/paging';
import { CodeBlock } from '../../shared/show/code-block';
import { Facts } from '../../shared/show/facts';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { Time, useZone } from '../../shared/time';

/** Changes and their actors, newest first. */
export function AuditScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  if (!may('admin')) return <Forbidden scope="admin" />;
  return (
    <div className="stack">
      <h1>{t('audit.title')}</h1>
      <p className="dim">{t('audit.text')}</p>
      <AuditList />
    </div>
  );
}

function AuditList(): ReactNode {
  const { t } = useTranslation();
  const search = useSearch({ from: '/audit' });
  const navigate = useNavigate();
  const zone = useZone();
  const [opened, setOpened] = useState<AuditEntry>();
  const { since, ...texts } = search;
  const filter = { ...texts, ...(since && { since: instantOf(since, zone) }) };
  const list = useQuery({
    queryKey: ['audit', filter],
    queryFn: async ({ signal }) => await gateway.audit.list(filter, { signal }),
    placeholderData: keepPreviousData,
  });
  const columns = useColumns();
  const go = (to: typeof search): void => void navigate({ to: '/audit', search: to });
  return (
    <section className="panel">
      <Filters
        values={search}
        apply={go}
        fields={[
          { name: 'actor', label: t('audit.actor'), placeholder: t('audit.actorHint'), width: 220 },
          { name: 'action', label: t('audit.action'), placeholder: 'provider.pause' },
          { name: 'target', label: t('audit.target'), placeholder: t('audit.targetHint') },
          { name: 'since', label: t('audit.since'), placeholder: '2026-11-30 14:00', width: 160 },
        ]}
      />
      <Loaded query={list} rows={8}>
        {({ data, nextCursor }) => (
          <>
            <DataTable
              label={t('audit.title')}
              columns={columns}
              rows={data}
              rowKey={({ id }) => id}
              onOpen={setOpened}
              empty={<Empty>{t('audit.empty')}</Empty>}
            />
            <Pager {...paging(search.cursor, nextCursor, (cursor) => go(changed(search, { cursor })))} />
          </>
        )}
      </Loaded>
      {opened && <Entry entry={opened} onClose={() => setOpened(undefined)} />}
    </section>
  );
}

const actorOf = ({ actor }: AuditEntry): string => actor.client ?? actor.process;

function useColumns(): readonly Column<AuditEntry>[] {
  const { t } = useTranslation();
  return [
    { key: 'at', title: t('audit.at'), cell: ({ at }) => <Time at={at} /> },
    { key: 'actor', title: t('audit.actor'), cell: (entry) => <span className="nowrap">{actorOf(entry)}</span> },
    {
      key: 'key',
      title: t('audit.key'),
      cell: ({ actor }) =>
        actor.keyId !== null && (
          <code className="nowrap" title={actor.keyId}>
            …{actor.keyId.slice(-8)}
          </code>
        ),
    },
    { key: 'action', title: t('audit.action'), cell: ({ action }) => <code className="nowrap">{action}</code> },
    { key: 'target', title: t('audit.target'), cell: ({ target }) => <code className="nowrap">{target}</code> },
    {
      key: 'change',
      title: t('audit.change'),
      wide: true,
      cell: ({ after }) => (after === undefined ? '' : JSON.stringify(after)),
    },
  ];
}

function Entry({ entry, onClose }: { readonly entry: AuditEntry; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { before, after } = entry;
  return (
    <Modal opened onClose={onClose} title={entry.action} closeButtonProps={{ 'aria-label': t('shared.close') }}>
      <div className="stack">
        <Facts
          rows={[
            [t('audit.at'), <Time key="at" at={entry.at} exact />],
            [t('audit.actor'), actorOf(entry)],
            [t('audit.key'), <code key="key">{entry.actor.keyId ?? '–'}</code>],
            [t('audit.target'), <code key="target">{entry.target ?? '–'}</code>],
            [t('audit.request'), <code key="request">{entry.requestId ?? '–'}</code>],
            ['id', <code key="id">{entry.id}</code>],
          ]}
        />
        {before !== undefined && <CodeBlock label={t('audit.before')} text={JSON.stringify(before, null, 2)} />}
        {after !== undefined && <CodeBlock label={t('audit.after')} text={JSON.stringify(after, null, 2)} />}
      </div>
    </Modal>
  );
}
