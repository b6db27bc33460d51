import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Both ways through a list that the server pages by cursor. */
export function Pager(props: {
  readonly newer: (() => void) | undefined;
  readonly older: (() => void) | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const { newer, older } = props;
  return (
    <div className="row padded" style={{ justifyContent: 'flex-end' }}>
      <Button variant="default" disabled={newer === undefined} {...(newer && { onClick: newer })}>
        {t('shared.newer')}
      </Button>
      <Button variant="default" disabled={older === undefined} {...(older && { onClick: older })}>
        {t('shared.older')}
      </Button>
    </div>
  );
}
