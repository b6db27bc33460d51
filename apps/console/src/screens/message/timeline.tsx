import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { DataTable, type Column } from '../../shared/data-table';
import { MaskedAddress } from '../../shared/masked-address';
import { Empty, Loaded } from '../../shared/states';
import { Shape, useStatusWord } from '../../shared/status';
import { Time } from '../../shared/time';
import { batchesQuery, eventsQuery, pushesQuery, type MessageDetail } from './queries';
import { momentsOf, type Moment } from './time-axis';

/** One axis for everything that is known of the message. */
export function Timeline({ message }: { readonly message: MessageDetail }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const events = useInfiniteQuery(eventsQuery(message.id));
  const batches = useQuery(batchesQuery(message.id));
  const pushes = useQuery({ ...pushesQuery(message.id), enabled: may('webhooks') });
  const columns = useColumns();
  return (
    <Loaded query={events}>
      {({ pages }) => (
        <>
          <DataTable
            label={t('message.timeline')}
            columns={columns}
            rows={momentsOf(
              pages.flatMap(({ data }) => data),
              batches.data ?? [],
              pushes.data ?? [],
            )}
            rowKey={({ key }) => key}
            empty={<Empty>{t('message.timelineEmpty')}</Empty>}
          />
          {events.hasNextPage && (
            <div className="padded">
              <Button variant="default" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
                {t('message.more')}
              </Button>
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function useColumns(): readonly Column<Moment>[] {
  const { t } = useTranslation();
  return [
    { key: 'at', title: t('message.at'), cell: ({ at }) => <Time at={at} exact /> },
    { key: 'kind', title: '', cell: ({ kind }) => <span className="dim">{t(`message.kind.${kind}`)}</span> },
    { key: 'what', title: t('message.what'), cell: (moment) => <What moment={moment} /> },
    { key: 'who', title: t('message.who'), cell: (moment) => <Whom moment={moment} /> },
    { key: 'words', title: t('message.words'), rest: true, cell: ({ words }) => words },
  ];
}

function What({ moment: { what, tone, times } }: { readonly moment: Moment }): ReactNode {
  const { t } = useTranslation();
  const word = useStatusWord();
  const text =
    typeof what === 'string'
      ? what
      : what.outcome === undefined
        ? t('message.attemptStarted', { n: what.attempt })
        : t('message.attemptEnded', { n: what.attempt, outcome: word(what.outcome) });
  return (
    <span className={`nowrap tone-${tone}`} style={{ display: 'inline-flex', alignItems: 'baseline', gap: 5 }}>
      <Shape tone={tone} />
      {text}
      {times > 1 && <strong>{t('message.repeated', { n: times })}</strong>}
    </span>
  );
}

function Whom({ moment }: { readonly moment: Moment }): ReactNode {
  const { t } = useTranslation();
  const { address, positions, times } = moment;
  if (address !== undefined) {
    return (
      <span className="nowrap">
        <MaskedAddress address={address} of={moment} />
        {times > 1 && ' …'}
      </span>
    );
  }
  if (positions === undefined) return null;
  const [from, to] = positions;
  const words = from === to ? t('message.position', { at: from }) : t('message.positions', { from, to });
  return <span className="dim nowrap">{words}</span>;
}
