import type { GatewayEvent } from '@gateway/client';
import { Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../shared/show/code-block';
import { Facts } from '../../shared/show/facts';
import { Time } from '../../shared/time';

export function EventDetails({
  event,
  onClose,
}: {
  readonly event: GatewayEvent;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { messageId } = event;
  return (
    <Modal opened onClose={onClose} title={event.type} closeButtonProps={{ 'aria-label': t('shared.close') }}>
      <div className="stack">
        <Facts
          rows={[
            [t('tail.id'), <code key="id">{event.id}</code>],
            [t('tail.at'), <Time key="at" at={event.at} exact />],
            ...(messageId === undefined
              ? []
              : [
                  [
                    t('tail.message'),
                    <Link key="message" to="/messages/$id" params={{ id: messageId }}>
                      {messageId}
                    </Link>,
                  ] as const,
                ]),
          ]}
        />
        <CodeBlock label="JSON" text={JSON.stringify(event, null, 2)} />
      </div>
    </Modal>
  );
}
