import type { WebhookEndpointWithHealth } from '@gateway/client';
import { Radio, Select } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Confirm } from '../../shared/confirm';

interface Props {
  readonly endpoint: WebhookEndpointWithHealth;
  readonly onClose: () => void;
}

export function PauseEndpoint({ endpoint, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  return (
    <Confirm
      title={t('webhooks.pauseTitle')}
      verb={t('webhooks.verbs.pause')}
      danger
      act={() => gateway.webhookEndpoints.pause(endpoint.id)}
      onClose={onClose}
    >
      <code>{endpoint.url}</code>
      <p>{t('webhooks.pauseText')}</p>
    </Confirm>
  );
}

export function ResumeEndpoint({ endpoint, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const [from, setFrom] = useState<'held' | 'now'>('held');
  return (
    <Confirm
      title={t('webhooks.resumeTitle')}
      verb={t('webhooks.verbs.resume')}
      danger={from === 'now'}
      act={() => gateway.webhookEndpoints.resume(endpoint.id, { from })}
      onClose={onClose}
    >
      <code>{endpoint.url}</code>
      <Radio.Group value={from} onChange={(value) => setFrom(value === 'now' ? 'now' : 'held')} size="xs">
        <div className="stack" style={{ gap: 6 }}>
          <Radio size="xs" value="held" label={t('webhooks.resumeHeld', { n: endpoint.health.lag.events })} />
          <Radio size="xs" value="now" label={t('webhooks.resumeNow')} />
        </div>
      </Radio.Group>
    </Confirm>
  );
}

const OVERLAPS = ['PT24H', 'PT1H', 'P7D', 'PT0S'] as const;
type Overlap = (typeof OVERLAPS)[number];

export function RotateSecret(props: Props & { readonly onSecret: (secret: string) => void }): ReactNode {
  const { endpoint, onClose, onSecret } = props;
  const { t } = useTranslation();
  const [overlap, setOverlap] = useState<Overlap>('PT24H');
  const rotate = async (): Promise<void> => {
    const { secret, publicKey } = await gateway.webhookEndpoints.rotateSecret(endpoint.id, { overlap });
    onSecret(secret ?? publicKey ?? '');
  };
  return (
    <Confirm
      title={t('webhooks.rotateTitle')}
      verb={t('webhooks.verbs.rotate')}
      danger={overlap === 'PT0S'}
      act={rotate}
      onClose={onClose}
    >
      <p>{t('webhooks.rotateText')}</p>
      <Select
        label={t('webhooks.overlap')}
        data={OVERLAPS.map((value) => ({ value, label: t(`webhooks.overlaps.${value}`) }))}
        value={overlap}
        onChange={(value) => setOverlap(OVERLAPS.find((each) => each === value) ?? 'PT24H')}
        allowDeselect={false}
      />
      {overlap === 'PT0S' && <p className="tone-bad">{t('webhooks.overlapNone')}</p>}
    </Confirm>
  );
}

export function DeleteEndpoint(props: Props & { readonly onDeleted: () => void }): ReactNode {
  const { endpoint, onClose, onDeleted } = props;
  const { t } = useTranslation();
  const remove = async (): Promise<void> => {
    await gateway.webhookEndpoints.delete(endpoint.id);
    onDeleted();
  };
  return (
    <Confirm title={t('webhooks.deleteTitle')} verb={t('webhooks.verbs.delete')} danger act={remove} onClose={onClose}>
      <code>{endpoint.url}</code>
      <p>{t('webhooks.deleteText')}</p>
    </Confirm>
  );
}
