import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CountsBar } from '../../shared/counts-bar';
import { DataTable, type Column } from '../../shared/data-table';
import { Status } from '../../shared/status';
import { Time } from '../../shared/time';
import type { Row } from './queries';

type Chosen = ReadonlyMap<string, Row>;

interface Props {
  readonly rows: readonly Row[];
  readonly onOpen: (row: Row) => void;
  readonly chosen?: Chosen;
  readonly onChosen?: (chosen: Chosen) => void;
  readonly empty: ReactNode;
}

export function MessagesTable({ rows, onOpen, chosen, onChosen, empty }: Props): ReactNode {
  const { t } = useTranslation();
  const columns: Column<Row>[] = [
    { key: 'status', title: t('messages.status'), cell: ({ status }) => <Status status={status} /> },
    {
      key: 'subject',
      title: t('messages.subject'),
      wide: true,
      cell: ({ subject, contentWithheld }) =>
        subject ?? <span className="dim">{t(contentWithheld === null ? 'messages.erased' : 'messages.withheld')}</span>,
    },
    {
      key: 'to',
      title: t('messages.to'),
      // Masked: a press on a row opens the message, where its addresses can be revealed.
      cell: (row) => <span className="nowrap">{row.to}</span>,
    },
    {
      key: 'recipients',
      title: t('messages.recipients'),
      numeric: true,
      cell: (row) => row.recipientCount.toLocaleString(),
    },
    {
      key: 'counts',
      title: t('messages.counts'),
      cell: (row) => <CountsBar counts={row.counts} total={row.recipientCount} />,
    },
    { key: 'category', title: t('messages.category'), cell: ({ category }) => t(`shared.category.${category}`) },
    { key: 'account', title: t('messages.account'), cell: accountOf },
    { key: 'accepted', title: t('messages.accepted'), cell: ({ createdAt }) => <Time at={createdAt} /> },
  ];
  if (chosen && onChosen) columns.unshift(useChooser(rows, chosen, onChosen));
  return (
    <DataTable
      label={t('messages.title')}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={onOpen}
      empty={empty}
    />
  );
}

/** The account that has the message now; fail-over changes it. */
function accountOf({ routing }: Row): string {
  const { provider, failovers } = routing as { provider: string; failovers?: readonly { to: string }[] };
  return failovers?.at(-1)?.to ?? provider;
}

function useChooser(rows: readonly Row[], chosen: Chosen, onChosen: (chosen: Chosen) => void): Column<Row> {
  const { t } = useTranslation();
  const toggle = (all: readonly Row[], on: boolean): void => {
    const next = new Map(chosen);
    for (const row of all) {
      if (on) next.set(row.id, row);
      else next.delete(row.id);
    }
    onChosen(next);
  };
  const here = rows.filter(({ id }) => chosen.has(id)).length;
  return {
    key: 'choose',
    title: (
      <Checkbox
        aria-label={t('messages.chooseAll')}
        checked={rows.length > 0 && here === rows.length}
        indeterminate={here > 0 && here < rows.length}
        onChange={(event) => toggle(rows, event.currentTarget.checked)}
      />
    ),
    cell: (row) => (
      <Checkbox
        aria-label={t('messages.chooseOne', { subject: row.subject ?? row.id })}
        checked={chosen.has(row.id)}
        onClick={(event) => event.stopPropagation()}
        onChange={(event) => toggle([row], event.currentTarget.checked)}
      />
    ),
  };
}
