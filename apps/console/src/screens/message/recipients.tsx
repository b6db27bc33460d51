import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../../shared/data-table';
import { MaskedAddress, RevealAll } from '../../shared/masked-address';
import { Pager } from '../../shared/pager';
import { Empty, Loaded } from '../../shared/states';
import { Status, useStatusWord } from '../../shared/status';
import { Time } from '../../shared/time';
import { recipientsQuery, type MessageDetail, type Recipient } from './queries';

const route = getRouteApi('/messages/$id');

/** A page at a time, by exact address or by status: a message may have millions. */
export function Recipients({ message }: { readonly message: MessageDetail }): ReactNode {
  const { t } = useTranslation();
  const word = useStatusWord();
  const { recipients: status = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState('');
  const [address, setAddress] = useState('');
  const [way, setWay] = useState<readonly string[]>([]);
  const filter = { ...(address !== '' && { address }), ...(status !== '' && { status }) };
  const query = useQuery(recipientsQuery(message.id, filter, way.at(-1) ?? ''));
  const columns = useColumns();
  const { nextCursor = null } = query.data ?? {};
  return (
    <>
      <form
        className="row padded"
        onSubmit={(event) => {
          event.preventDefault();
          setAddress(text.trim());
          setWay([]);
        }}
      >
        <TextInput
          aria-label={t('message.addressFind')}
          placeholder={t('message.addressFind')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-filter
          w={280}
        />
        <Select
          aria-label={t('message.status')}
          data={[
            { value: '', label: t('message.anyStatus') },
            ...Object.keys(message.counts).map((value) => ({ value, label: word(value) })),
          ]}
          value={status}
          allowDeselect={false}
          onChange={(next) => {
            setWay([]);
            void navigate({ search: { tab: 'recipients', ...(next && { recipients: next }) }, replace: true });
          }}
          w={180}
        />
        <RevealAll rows={query.data?.data ?? []} />
      </form>
      <Loaded query={query}>
        {({ data }) => (
          <DataTable
            label={t('message.recipients')}
            columns={columns}
            rows={data}
            rowKey={({ position }) => String(position)}
            empty={<Empty>{t('message.noRecipients')}</Empty>}
          />
        )}
      </Loaded>
      <Pager
        newer={way.length === 0 ? undefined : () => setWay(way.slice(0, -1))}
        older={nextCursor === null ? undefined : () => setWay([...way, nextCursor])}
      />
    </>
  );
}

function useColumns(): readonly Column<Recipient>[] {
  const { t } = useTranslation();
  return [
    { key: 'position', title: '#', numeric: true, cell: ({ position }) => position.toLocaleString() },
    { key: 'address', title: t('message.address'), cell: (row) => <MaskedAddress address={row.address} of={row} /> },
    { key: 'status', title: t('message.status'), cell: ({ status }) => <Status status={status} /> },
    { key: 'reason', title: t('message.reason'), cell: ({ reason }) => reason },
    {
      key: 'vendor',
      title: t('message.vendor'),
      wide: true,
      cell: ({ provider }) => [provider.code, provider.message].filter(Boolean).join(' · '),
    },
    { key: 'updated', title: t('message.updated'), cell: ({ updatedAt }) => <Time at={updatedAt} /> },
    { key: 'delivered', title: t('message.delivered'), cell: ({ deliveredAt }) => <Time at={deliveredAt} /> },
    { key: 'opened', title: t('message.opened'), cell: ({ openedAt }) => <Time at={openedAt} /> },
  ];
}
