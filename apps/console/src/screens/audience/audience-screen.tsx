import type { Contact, Group } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
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
import { ContactForm } from './contact-form';
import { DeleteGroup, GroupForm, MembersForm } from './group-forms';
import { contactsQuery, groupsQuery, KEY } from './queries';

type Act =
  | { readonly verb: 'contact'; readonly contact?: Contact }
  | { readonly verb: 'group'; readonly group?: Group }
  | { readonly verb: 'add' | 'remove' | 'delete'; readonly group: Group };

interface Acting {
  readonly onAct: (act: Act) => void;
}

function ActForm({ act, onClose }: { readonly act: Act; readonly onClose: () => void }): ReactNode {
  switch (act.verb) {
    case 'contact':
      return <ContactForm onClose={onClose} {...(act.contact && { contact: act.contact })} />;
    case 'group':
      return <GroupForm onClose={onClose} {...(act.group && { group: act.group })} />;
    case 'delete':
      return <DeleteGroup group={act.group} onClose={onClose} />;
    default:
      return <MembersForm group={act.group} verb={act.verb} onClose={onClose} />;
  }
}

/** Groups, and the contacts in them. */
export function AudienceScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const [act, setAct] = useState<Act>();
  if (!may('audience')) return <Forbidden scope="audience" />;
  const end = (): void => {
    setAct(undefined);
    void client.invalidateQueries({ queryKey: [KEY] });
  };
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('audience.title')}</h1>
        <div className="row">
          <Button variant="default" renderRoot={(props) => <Link to="/audience/import" {...props} />}>
            {t('audience.import')}
          </Button>
          <Button variant="default" onClick={() => setAct({ verb: 'group' })}>
            {t('audience.groupCreate')}
          </Button>
          <Button onClick={() => setAct({ verb: 'contact' })}>{t('audience.contactCreate')}</Button>
        </div>
      </div>
      <Groups onAct={setAct} />
      <Contacts onAct={setAct} />
      {act && <ActForm act={act} onClose={end} />}
    </div>
  );
}

function Groups({ onAct }: Acting): ReactNode {
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
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('audience.act')}</span>,
      cell: (group) => <GroupActs group={group} onAct={onAct} />,
    },
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

function GroupActs({ group, onAct }: Acting & { readonly group: Group }): ReactNode {
  const { t } = useTranslation();
  const acts = [
    ['addMembers', { verb: 'add', group }],
    ['removeMembers', { verb: 'remove', group }],
    ['rename', { verb: 'group', group }],
    ['groupDelete', { verb: 'delete', group }],
  ] as const satisfies readonly (readonly [string, Act])[];
  return (
    <span className="row nowrap" style={{ gap: 4, flexWrap: 'nowrap', justifyContent: 'flex-end' }}>
      {acts.map(([word, act]) => (
        <Button
          key={word}
          size="compact-xs"
          variant="default"
          aria-label={`${t(`audience.${word}`)}: ${group.name}`}
          onClick={() => onAct(act)}
        >
          {word === 'groupDelete' ? t('shared.delete') : t(`audience.${word}`)}
        </Button>
      ))}
    </span>
  );
}

function Contacts({ onAct }: Acting): ReactNode {
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
      cell: (contact) => (
        <span className="row">
          {contact.addresses.map((address, index) => (
            <MaskedAddress key={index} address={address} of={contact} at={index} />
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
              onOpen={(contact) => onAct({ verb: 'contact', contact })}
              empty={<Empty>{Object.keys(search).length > 0 ? t('audience.noMatch') : t('audience.noContacts')}</Empty>}
            />
            <Pager {...paging(search.cursor, nextCursor, (cursor) => go(changed(search, { cursor })))} />
          </>
        )}
      </Loaded>
    </section>
  );
}
