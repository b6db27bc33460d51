import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../shared/data-table';
import { Empty, Loaded } from '../../shared/states';
import { shadowQuery, type Route } from './queries';

/** What the shadow account would have sent differently. */
export function ShadowDifferences({
  route,
  onClose,
}: {
  readonly route: Route;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const shadow = useQuery(shadowQuery(route.id));
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={t('routes.shadowTitle', { route: route.name, account: route.shadow ?? '' })}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <Loaded query={shadow}>
        {({ compared, different, examples }) => (
          <div className="stack">
            <p>
              {t('routes.shadowResult', { compared: compared.toLocaleString(), different: different.toLocaleString() })}
            </p>
            <DataTable
              label={t('routes.examples')}
              rows={examples}
              rowKey={({ messageId, pointer }) => `${messageId} ${pointer}`}
              empty={<Empty>{compared === 0 ? t('routes.shadowNone') : t('routes.shadowSame')}</Empty>}
              columns={[
                {
                  key: 'message',
                  title: t('routes.message'),
                  cell: ({ messageId }) => (
                    <Link to="/messages/$id" params={{ id: messageId }} className="mono">
                      …{messageId.slice(-8)}
                    </Link>
                  ),
                },
                { key: 'pointer', title: t('routes.pointer'), cell: ({ pointer }) => <code>{pointer}</code> },
                { key: 'sent', title: t('routes.sent'), wide: true, cell: ({ sent }) => sent ?? '–' },
                { key: 'shadow', title: t('routes.shadow'), wide: true, cell: (each) => each.shadow ?? '–' },
              ]}
            />
          </div>
        )}
      </Loaded>
    </Modal>
  );
}
