import type { Erasure } from '@gateway/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../shared/data-table';
import { words } from './words';

type Name = keyof typeof words.ko.count;

const NAMES = Object.keys(words.ko.count) as Name[];

/** What was erased, or would be. */
export function ErasureCounts(props: { readonly label: string; readonly counts: Erasure['counts'] }): ReactNode {
  const { label, counts } = props;
  const { t } = useTranslation();
  return (
    <DataTable
      label={label}
      columns={[
        { key: 'what', title: t('erasures.what'), rest: true, cell: (name) => t(`erasures.count.${name}`) },
        {
          key: 'number',
          title: t('erasures.number'),
          numeric: true,
          cell: (name) => (counts[name] ?? 0).toLocaleString(),
        },
      ]}
      rows={NAMES}
      rowKey={(name) => name}
      empty={null}
    />
  );
}
