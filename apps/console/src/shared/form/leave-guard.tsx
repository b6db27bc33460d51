import { Button, Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Asks before unsaved changes are lost: by another screen, the way back, a reload or a closed tab. */
export function LeaveGuard({ when }: { readonly when: () => boolean }): ReactNode {
  const blocker = useBlocker({ shouldBlockFn: when, enableBeforeUnload: when, withResolver: true });
  if (blocker.status !== 'blocked') return null;
  return <AskToLeave leave={blocker.proceed} stay={blocker.reset} />;
}

export function AskToLeave({ leave, stay }: { readonly leave: () => void; readonly stay: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={stay}
      title={t('problems.unsavedTitle')}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <div className="stack">
        <p>{t('problems.unsaved')}</p>
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={leave}>
            {t('problems.leave')}
          </Button>
          <Button onClick={stay} data-autofocus>
            {t('problems.stay')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
