import { GatewayProblem } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Confirm } from '../../shared/confirm';
import { Loading } from '../../shared/states';
import type { MessageDetail } from './queries';

export type Act = 'cancel' | 'redrive' | 'release';

const sumOf = ({ counts }: MessageDetail, ...statuses: readonly string[]): number =>
  statuses.reduce((sum, status) => sum + ((counts as Record<string, number>)[status] ?? 0), 0);

const openOf = (message: MessageDetail): number => sumOf(message, 'held', 'scheduled', 'queued', 'deferred');

/** Only keys with the scope see the button. The remaining reason: this key sent the message and has `needsRelease`. */
const isSameKey = (error: Error): boolean => error instanceof GatewayProblem && error.code === 'forbidden';

/** Only the acts that have something to do. */
export const actsOf = (message: MessageDetail): readonly Act[] => [
  ...(sumOf(message, 'held') > 0 ? (['release'] as const) : []),
  ...(openOf(message) > 0 ? (['cancel'] as const) : []),
  ...(sumOf(message, 'failed', 'rejected', 'expired', 'bounced') > 0 ? (['redrive'] as const) : []),
];

interface Props {
  readonly message: MessageDetail;
  /** The act that is asked about. */
  readonly act: Act | undefined;
  readonly setAct: (act: Act | undefined) => void;
  readonly onChanged: () => void;
}

export function MessageActs({ message, act, setAct, onChanged }: Props): ReactNode {
  const { t } = useTranslation();
  const close = (): void => {
    setAct(undefined);
    onChanged();
  };
  const open = openOf(message);
  return (
    <>
      {actsOf(message).map((each) => (
        <Button key={each} {...(each === 'cancel' && { color: 'red.8' })} onClick={() => setAct(each)}>
          {t(`message.${each}`)}
        </Button>
      ))}
      {act === 'cancel' && (
        <Confirm
          title={t('message.cancelTitle')}
          verb={t('message.cancel')}
          danger
          act={() => gateway.messages.cancel(message.id)}
          onClose={close}
        >
          <p>{t('message.cancelText', { n: open })}</p>
        </Confirm>
      )}
      {act === 'release' && (
        <Confirm
          title={t('message.releaseTitle')}
          verb={t('message.release')}
          act={() => gateway.messages.release(message.id)}
          explain={(error) => (isSameKey(error) ? t('shared.releaseBySameKey') : undefined)}
          onClose={close}
        >
          <p>{t('message.releaseText', { n: open })}</p>
        </Confirm>
      )}
      {act === 'redrive' && <Redrive message={message} onClose={close} />}
    </>
  );
}

/** Counts first; the new message opens when it is made. */
function Redrive({ message, onClose }: { readonly message: MessageDetail; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const count = useQuery({
    queryKey: ['message', message.id, 'redrive'],
    queryFn: async () => (await gateway.messages.redrive(message.id, { dryRun: true })).recipientCount,
    staleTime: 0,
  });
  const isNone = count.error !== null || count.data === 0;
  return (
    <Confirm
      title={t('message.redriveTitle')}
      verb={t('message.redrive')}
      act={async () => {
        const { id } = await gateway.messages.redrive(message.id);
        await navigate({ to: '/messages/$id', params: { id } });
      }}
      onClose={onClose}
    >
      {count.isPending && <Loading rows={1} />}
      {isNone && <p>{t('message.redriveNone')}</p>}
      {count.data !== undefined && count.data > 0 && <p>{t('message.redriveText', { n: count.data })}</p>}
    </Confirm>
  );
}
