import type { Suppression } from '@gateway/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { sealsOf } from '../../gateway/revealed';
import { Confirm } from '../../shared/confirm';
import { MaskedAddress } from '../../shared/masked-address';

export function RemoveSuppression(props: { readonly entry: Suppression; readonly onClose: () => void }): ReactNode {
  const { entry, onClose } = props;
  const { t } = useTranslation();
  // The gateway knows the address behind the seal; this page does not.
  const [address = entry.address ?? ''] = sealsOf([entry]);
  return (
    <Confirm
      title={t('suppressions.removeTitle')}
      verb={t('suppressions.remove')}
      danger
      act={() => gateway.suppressions.remove(address)}
      onClose={onClose}
    >
      <p>
        <strong>
          <MaskedAddress address={entry.address} of={entry} />
        </strong>
      </p>
      <p>{t('suppressions.removeText')}</p>
    </Confirm>
  );
}
