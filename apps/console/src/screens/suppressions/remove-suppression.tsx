import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Confirm } from '../../shared/confirm';

export function RemoveSuppression(props: { readonly address: string; readonly onClose: () => void }): ReactNode {
  const { address, onClose } = props;
  const { t } = useTranslation();
  return (
    <Confirm
      title={t('suppressions.removeTitle')}
      verb={t('suppressions.remove')}
      danger
      act={() => gateway.suppressions.remove(address)}
      onClose={onClose}
    >
      <p>
        <strong>{address}</strong>
      </p>
      <p>{t('suppressions.removeText')}</p>
    </Confirm>
  );
}
