import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { DataTable } from '../../shared/data-table';
import { Empty, Failure } from '../../shared/states';
import { Status } from '../../shared/status';

/** Reading a provider's list takes as long as the list is. */
const SLOW = { timeoutMs: 110_000, deadlineMs: 120_000, maxRetries: 0 };

export function SyncSuppressions({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const sync = useMutation({ mutationFn: () => gateway.suppressions.sync({}, SLOW) });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('suppressions.syncTitle')}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <div className="stack">
        <p>{t('suppressions.syncText')}</p>
        {sync.error && <Failure error={sync.error} isAct />}
        {sync.data && (
          <DataTable
            label={t('suppressions.syncTitle')}
            rows={sync.data.results}
            rowKey={({ provider }) => provider}
            empty={<Empty>{t('suppressions.syncNone')}</Empty>}
            columns={[
              { key: 'provider', title: t('suppressions.account'), cell: ({ provider }) => provider },
              {
                key: 'status',
                title: t('suppressions.state'),
                cell: ({ status, problem }) => (
                  <span>
                    <Status status={status} tone={TONES[status]} /> {problem?.detail}
                  </span>
                ),
              },
              { key: 'in', title: t('suppressions.takenOver'), numeric: true, cell: ({ gateway: own }) => own.added },
              { key: 'off', title: t('suppressions.takenOff'), numeric: true, cell: ({ gateway: own }) => own.removed },
              { key: 'out', title: t('suppressions.handedOn'), numeric: true, cell: ({ account }) => account.added },
            ]}
          />
        )}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            {t('shared.close')}
          </Button>
          <Button loading={sync.isPending} onClick={() => sync.mutate()} data-autofocus>
            {t('suppressions.syncVerb')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

const TONES = { completed: 'good', running: 'moving', failed: 'bad' } as const;
