import { Button, Modal, Select } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { CodeBlock, indented } from '../../shared/show/code-block';
import { Facts } from '../../shared/show/facts';
import { Failure } from '../../shared/states';
import { Status } from '../../shared/status';

const TYPES = ['message.completed', 'recipient.delivered', 'recipient.bounced', 'webhook_endpoint.failing'];

/** A receiver may take its time; the gateway's own limit is 20 s. */
const SLOW = { timeoutMs: 45_000, deadlineMs: 50_000, maxRetries: 0 };

/** Sends an example now, and shows what became of it. */
export function TestEndpoint({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [type, setType] = useState('message.completed');
  const test = useMutation({ mutationFn: () => gateway.webhookEndpoints.test(id, { type }, SLOW) });
  const { data } = test;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('webhooks.testTitle')}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <div className="stack">
        <p>{t('webhooks.testText')}</p>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <Select
            label={t('webhooks.type')}
            data={TYPES}
            value={type}
            onChange={(value) => setType(value ?? type)}
            allowDeselect={false}
            w={260}
          />
          <Button loading={test.isPending} onClick={() => test.mutate()} data-autofocus>
            {t('webhooks.verbs.test')}
          </Button>
        </div>
        {test.error && <Failure error={test.error} isAct />}
        {data && (
          <div className="stack" role="status">
            <Facts
              rows={[
                [t('webhooks.result'), <Status key="status" status={data.delivered ? 'delivered' : 'failed'} />],
                ['HTTP', data.httpStatus ?? '–'],
                [t('webhooks.duration'), `${data.durationMs.toLocaleString()} ms`],
                [t('webhooks.contacted'), data.address ?? '–'],
                ...(data.error === null
                  ? []
                  : [[t('webhooks.error'), `${data.error.code}: ${data.error.detail}`] as const]),
              ]}
            />
            {data.response !== null && data.response !== '' && (
              <CodeBlock label={t('webhooks.response')} text={indented(data.response)} />
            )}
          </div>
        )}
      </div>
    </Modal>
  );
}
