import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Both ways through a list that the server pages by cursor. */
export function Pager(props: {
  readonly newer: (() => void) | undefined;
  readonly older: (() => void) | undefined;
  /** By name instead of by time. */
  readonly byName?: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const { newer, older, byName = false } = props;
  if (newer === undefined && older === undefined) return null;
  return (
    <div className="row padded" style={{ justifyContent: 'flex-end' }}>
      <Button variant="default" disabled={newer === undefined} {...(newer && { onClick: newer })}>
        {byName ? t('shared.previous') : t('shared.newer')}
      </Button>
      <Button variant="default" disabled={older === undefined} {...(older && { onClick: older })}>
        {byName ? t('shared.next') : t('shared.older')}
      </Button>
    </div>
  );
}
