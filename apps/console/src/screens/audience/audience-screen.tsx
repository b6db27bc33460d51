import type { Contact, Group } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { Filters } from '../../shared/filters';
import { MaskedAddress } from '../../shared/masked-address';
import { Pager } from '../../shared/pager';
import { paging } from '../../shared/paging';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { Ago } from '../../shared/time';
import { contactsQuery, groupsQuery } from './queries';

/** Groups, and the contacts in them. */
export function AudienceScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  if (!may('audience')) return <Forbidden scope="audience" />;
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('audience.title')}</h1>
        <Button renderRoot={(props) => <Link to="/audience/import" {...props} />}>{t('audience.import')}</Button>
      </div>
      <Groups />
      <Contacts />
    </div>
  );
}

function Groups(): ReactNode {
  const { t } = useTranslation();
  const { groups: cursor, ...search } = useSearch({ from: '/audience' });
  const navigate = useNavigate();
  const list = useQuery(groupsQuery(cursor));
  const columns: readonly Column<Group>[] = [
    {
      key: 'name',
      title: t('audience.group'),
      cell: ({ name }) => (
        <Link to="/audience" search={{ group: name }}>
          {name}
        </Link>
      ),
    },
    { key: 'description', title: t('audience.description'), wide: true, cell: ({ description }) => description ?? '–' },
    {
      key: 'members',
      title: t('audience.members'),
      numeric: true,
      cell: ({ memberCount }) => memberCount.toLocaleString(),
    },
    { key: 'updated', title: t('audience.updated'), cell: ({ updatedAt }) => <Ago at={updatedAt} /> },
  ];
  return (
    <section className="panel">
      <h2>{t('audience.groups')}</h2>
      <Loaded query={list}>
        {({ data, nextCursor }) => (
          <>
            <DataTable
              label={t('audience.groups')}
              columns={columns}
              rows={data}
              rowKey={({ id }) => id}
              empty={<Empty>{t('audience.noGroups')}</Empty>}
            />
            <Pager
              {...paging(
                cursor,
                nextCursor,
                (groups) => void navigate({ to: '/audience', search: changed({ groups: '', ...search }, { groups }) }),
              )}
            />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Contacts(): ReactNode {
  const { t } = useTranslation();
  const { groups, ...search } = useSearch({ from: '/audience' });
  const navigate = useNavigate();
  const list = useQuery(contactsQuery(search));
  const go = (to: typeof search): void =>
    void navigate({ to: '/audience', search: { ...to, ...(groups && { groups }) } });
  const columns: readonly Column<Contact>[] = [
    { key: 'id', title: t('audience.externalId'), cell: ({ externalId }) => externalId ?? '–' },
    { key: 'name', title: t('audience.name'), cell: ({ name }) => name ?? '–' },
    {
      key: 'addresses',
      title: t('audience.addresses'),
      cell: ({ addresses }) => (
        <span className="row">
          {addresses.map((address) => (
            <MaskedAddress key={address} address={address} />
          ))}
        </span>
      ),
    },
    { key: 'groups', title: t('audience.groups'), wide: true, cell: (contact) => contact.groups.join(', ') },
    { key: 'updated', title: t('audience.updated'), cell: ({ updatedAt }) => <Ago at={updatedAt} /> },
  ];
  return (
    <section className="panel">
      <h2>{t('audience.contacts')}</h2>
      <Filters
        values={search}
        apply={go}
        fields={[
          { name: 'address', label: t('audience.address'), placeholder: 'kim@example.com', width: 240 },
          { name: 'group', label: t('audience.group') },
          { name: 'externalId', label: t('audience.externalId') },
        ]}
      />
      <Loaded query={list}>
        {({ data, nextCursor }) => (
          <>
            <DataTable
              label={t('audience.contacts')}
              columns={columns}
              rows={data}
              rowKey={({ id }) => id}
              empty={<Empty>{Object.keys(search).length > 0 ? t('audience.noMatch') : t('audience.noContacts')}</Empty>}
            />
            <Pager {...paging(search.cursor, nextCursor, (cursor) => go(changed(search, { cursor })))} />
          </>
        )}
      </Loaded>
    </section>
  );
}
