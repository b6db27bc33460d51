import { Button, Modal, Radio, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ChangeEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { now } from '../../gateway/clock';
import { gateway } from '../../gateway/gateway';
import { instantOf } from '../../shared/instant';
import { Failure } from '../../shared/states';
import { exactTime, useZone } from '../../shared/time';

type What = NonNullable<Parameters<typeof gateway.webhookEndpoints.replay>[1]>;

const HOUR_MS = 3_600_000;
const SLOW = { timeoutMs: 60_000, deadlineMs: 60_000, maxRetries: 0 };

interface Span {
  readonly from: string;
  readonly to: string;
  readonly types: string;
}

const listOf = (text: string): string[] => text.split(/[\s,]+/).filter((each) => each !== '');

/** Sends events again. How many is counted first; only then can it be done. */
export function ReplayEvents({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const zone = useZone();
  const [kind, setKind] = useState<'time' | 'failed' | 'events'>('time');
  const [span, setSpan] = useState<Span>(() => ({
    // To the second: the events of the last minute count, too.
    from: exactTime(now() - HOUR_MS, zone),
    to: exactTime(now(), zone),
    types: '',
  }));
  const [events, setEvents] = useState('');
  const wanted = (): What => {
    if (kind === 'failed') return { failed: true };
    if (kind === 'events') return { events: listOf(events) };
    const types = listOf(span.types);
    return { from: instantOf(span.from, zone), to: instantOf(span.to, zone), ...(types.length > 0 && { types }) };
  };
  const what = wanted();
  const key = JSON.stringify(what);
  const count = useMutation({
    mutationFn: async () => ({
      key,
      found: await gateway.webhookEndpoints.replay(id, { ...what, dryRun: true }, SLOW),
    }),
  });
  const replay = useMutation({ mutationFn: () => gateway.webhookEndpoints.replay(id, what, SLOW), onSuccess: onClose });
  const error = count.error ?? replay.error;
  // A count is of what was asked then.
  const found = count.data?.key === key ? count.data.found : undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('webhooks.replayTitle')}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <div className="stack">
        <p>{t('webhooks.replayText')}</p>
        <Radio.Group value={kind} onChange={(value) => setKind(value)} size="xs">
          <div className="row" style={{ gap: 20 }}>
            {(['time', 'failed', 'events'] as const).map((each) => (
              <Radio key={each} size="xs" value={each} label={t(`webhooks.replayKinds.${each}`)} />
            ))}
          </div>
        </Radio.Group>
        {kind === 'time' && <TimeSpan span={span} onChange={setSpan} />}
        {kind === 'events' && (
          <TextInput
            label={t('webhooks.eventIds')}
            placeholder="evt_…, evt_…"
            value={events}
            onChange={(e) => setEvents(e.currentTarget.value)}
          />
        )}
        {error && <Failure error={error} isAct />}
        <Found found={found} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            {t('shared.cancel')}
          </Button>
          <Button variant="default" loading={count.isPending} onClick={() => count.mutate()} data-autofocus>
            {t('webhooks.count')}
          </Button>
          <Button
            loading={replay.isPending}
            disabled={found === undefined || found.events === 0}
            onClick={() => replay.mutate()}
          >
            {t('webhooks.replayVerb')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Found({
  found,
}: {
  readonly found: { readonly events: number; readonly requests: number } | undefined;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <p role="status" className={found ? undefined : 'dim'}>
      {found ? t('webhooks.replayFound', { events: found.events, n: found.requests }) : t('webhooks.replayFirst')}
    </p>
  );
}

function TimeSpan({ span, onChange }: { readonly span: Span; readonly onChange: (span: Span) => void }): ReactNode {
  const { t } = useTranslation();
  const zone = useZone();
  const field = (name: keyof Span) => ({
    value: span[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => onChange({ ...span, [name]: event.currentTarget.value }),
  });
  return (
    <div className="row">
      <TextInput label={t('webhooks.from', { zone })} {...field('from')} />
      <TextInput label={t('webhooks.to')} {...field('to')} />
      <TextInput label={t('webhooks.events')} placeholder={t('webhooks.ownTypes')} {...field('types')} />
    </div>
  );
}
