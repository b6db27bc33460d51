import type { GatewayEvent } from '@gateway/client';
import { Button, MultiSelect, TextInput } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useShortcuts } from '../../frame/shortcuts';
import { useMay } from '../../gateway/use-session';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { MaskedAddress } from '../../shared/masked-address';
import { Empty, Failure, Forbidden } from '../../shared/states';
import { Shape, type Tone } from '../../shared/status';
import { Time } from '../../shared/time';
import { EventDetails } from './event-details';
import { EVENT_TYPES, TROUBLE, typesOf } from './event-types';
import { matches, summaryOf, toneOfEvent } from './events';
import { KEPT, useTail, type Tail } from './use-tail';

const TONES: Readonly<Record<Tail['state'], Tone>> = {
  live: 'good',
  connecting: 'waiting',
  away: 'doubt',
  paused: 'aside',
  refused: 'bad',
};

/** Events as they happen. The page keeps the last ones and no more. */
export function TailScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  if (!may('messages:read')) return <Forbidden scope="messages:read" />;
  return (
    <div className="stack">
      <h1>{t('tail.title')}</h1>
      <p className="dim">{t('tail.text', { kept: KEPT })}</p>
      <LiveTail />
    </div>
  );
}

function LiveTail(): ReactNode {
  const { t } = useTranslation();
  const search = useSearch({ from: '/tail' });
  const navigate = useNavigate();
  const [paused, setPaused] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [opened, setOpened] = useState<GatewayEvent>();
  const tail = useTail({ types: search.types, messageId: search.message, paused, attempt });
  const toggle = (): void => setPaused((now) => !now);
  useShortcuts({ p: toggle });
  const go = (change: { readonly types?: string; readonly message?: string; readonly q?: string }): void =>
    void navigate({ to: '/tail', search: changed(search, change), replace: true });
  const shown = tail.events.filter((event) => matches(event, search.q));
  return (
    <section className="panel">
      <div className="row padded" style={{ alignItems: 'flex-end' }}>
        <MultiSelect
          size="xs"
          label={t('tail.types')}
          placeholder={search.types === undefined ? t('shared.all') : ''}
          data={[...new Set([...EVENT_TYPES, ...typesOf(search.types)])]}
          value={[...typesOf(search.types)]}
          onChange={(types) => go({ types: types.join(',') })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('shared.clear') }}
          comboboxProps={{ transitionProps: { duration: 0 } }}
          w={320}
        />
        <TextInput
          key={`message ${search.message ?? ''}`}
          label={t('tail.message')}
          placeholder="msg_…"
          defaultValue={search.message ?? ''}
          onBlur={(event) => go({ message: event.currentTarget.value.trim() })}
          onKeyDown={(event) => event.key === 'Enter' && go({ message: event.currentTarget.value.trim() })}
          w={260}
        />
        <TextInput
          label={t('tail.contains')}
          placeholder={t('tail.containsHint')}
          value={search.q ?? ''}
          onChange={(event) => go({ q: event.currentTarget.value })}
          data-filter
          w={200}
        />
        <Button variant="default" onClick={() => go({ types: TROUBLE.join(',') })}>
          {t('tail.trouble')}
        </Button>
      </div>
      <StateLine tail={tail} paused={paused} toggle={toggle} />
      {tail.state === 'refused' && <Failure error={tail.error} again={() => setAttempt((n) => n + 1)} />}
      <DataTable
        label={t('tail.title')}
        columns={useColumns()}
        rows={shown}
        rowKey={(event) => event.id}
        onOpen={setOpened}
        empty={
          <Empty>{tail.events.length > 0 ? t('tail.noMatch') : t(`tail.empty.${paused ? 'paused' : 'live'}`)}</Empty>
        }
      />
      {opened && <EventDetails event={opened} onClose={() => setOpened(undefined)} />}
    </section>
  );
}

function StateLine(props: {
  readonly tail: ReturnType<typeof useTail>;
  readonly paused: boolean;
  readonly toggle: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { tail, paused, toggle } = props;
  return (
    <div className="row spread padded" style={{ paddingTop: 0 }}>
      <span className="row" role="status">
        <Shape tone={TONES[tail.state]} />
        {t(`tail.state.${tail.state}`)}
        <span className="dim">{t('tail.received', { n: tail.received })}</span>
        {tail.received > KEPT && (
          <span className="dim">{t('tail.dropped', { n: (tail.received - KEPT).toLocaleString() })}</span>
        )}
      </span>
      <span className="row">
        <Button variant="default" onClick={tail.clear}>
          {t('tail.clear')}
        </Button>
        <Button onClick={toggle} aria-keyshortcuts="p" w={110}>
          {paused ? t('tail.resume') : t('tail.pause')} (p)
        </Button>
      </span>
    </div>
  );
}

function useColumns(): readonly Column<GatewayEvent>[] {
  const { t } = useTranslation();
  return [
    { key: 'at', title: t('tail.at'), cell: ({ at }) => <Time at={at} exact /> },
    {
      key: 'type',
      title: t('tail.type'),
      cell: ({ type }) => (
        <span className="row nowrap" style={{ gap: 6 }}>
          <Shape tone={toneOfEvent(type)} />
          <code>{type}</code>
        </span>
      ),
    },
    {
      key: 'address',
      title: t('tail.recipient'),
      cell: (event) =>
        'address' in event && event.address !== undefined && <MaskedAddress address={event.address} of={event} />,
    },
    { key: 'data', title: t('tail.data'), wide: true, cell: (event) => summaryOf(event) },
    {
      key: 'message',
      title: t('tail.message'),
      cell: ({ messageId }) =>
        messageId !== undefined && (
          <Link to="/messages/$id" params={{ id: messageId }} className="mono nowrap" title={messageId}>
            …{messageId.slice(-8)}
          </Link>
        ),
    },
  ];
}
