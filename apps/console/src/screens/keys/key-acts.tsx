import type { ApiKey } from '@gateway/client';
import { Select } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { useSession } from '../../gateway/use-session';
import { Confirm } from '../../shared/confirm';
import { Ago } from '../../shared/time';

interface Props {
  readonly apiKey: ApiKey;
  readonly onClose: () => void;
}

const OVERLAPS = ['PT24H', 'PT1H', 'P7D', 'PT0S'] as const;
type Overlap = (typeof OVERLAPS)[number];

export function RotateKey(props: Props & { readonly onSecret: (secret: string) => void }): ReactNode {
  const { apiKey, onSecret, onClose } = props;
  const { t } = useTranslation();
  const [overlap, setOverlap] = useState<Overlap>('PT24H');
  return (
    <Confirm
      title={t('keys.rotateTitle', { name: apiKey.name })}
      verb={t('keys.rotate')}
      danger={overlap === 'PT0S'}
      act={async () => onSecret((await gateway.apiKeys.rotate(apiKey.id, { overlap })).key)}
      onClose={onClose}
    >
      <p>{t('keys.rotateText')}</p>
      <Select
        label={t('keys.overlap')}
        data={OVERLAPS.map((value) => ({ value, label: t(`keys.overlaps.${value}`) }))}
        value={overlap}
        onChange={(value) => setOverlap(OVERLAPS.find((each) => each === value) ?? 'PT24H')}
        allowDeselect={false}
      />
    </Confirm>
  );
}

export function RevokeKey({ apiKey, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const own = useSession()?.keyId === apiKey.id;
  return (
    <Confirm
      title={t('keys.revokeTitle', { name: apiKey.name })}
      verb={t('keys.revoke')}
      danger
      act={() => gateway.apiKeys.revoke(apiKey.id)}
      onClose={onClose}
    >
      <p>{t('keys.revokeText')}</p>
      <p className="dim">
        {t('keys.lastUsed')}: <Ago at={apiKey.lastUsedAt} />
      </p>
      {own && <p className="tone-bad">{t('keys.revokeOwn')}</p>}
    </Confirm>
  );
}
