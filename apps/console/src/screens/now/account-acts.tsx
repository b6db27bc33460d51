import type { Workload } from '@gateway/client';
import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Confirm } from '../../shared/confirm';
import { waitingOf } from './lanes';

export interface AccountAct {
  readonly verb: 'pause' | 'resume';
  readonly account: string;
}

interface Props {
  readonly name: string;
  readonly work: Workload;
  readonly onClose: () => void;
}

const waitingAt = (work: Workload, name: string): number =>
  (work.accounts.find((account) => account.name === name)?.lanes ?? []).reduce((sum, lane) => sum + waitingOf(lane), 0);

export function PauseAccount({ name, work, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const given = reason.trim();
  return (
    <Confirm
      title={t('now.pauseTitle', { account: name })}
      verb={t('now.pause')}
      danger
      act={() => gateway.providers.pause(name, given === '' ? {} : { reason: given })}
      onClose={onClose}
    >
      <p>{t('now.pauseText', { n: waitingAt(work, name) })}</p>
      <TextInput
        label={t('now.pauseReason')}
        value={reason}
        maxLength={200}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
    </Confirm>
  );
}

export function ResumeAccount({ name, work, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  return (
    <Confirm
      title={t('now.resumeTitle', { account: name })}
      verb={t('now.resume')}
      act={() => gateway.providers.resume(name)}
      onClose={onClose}
    >
      <p>{t('now.resumeText', { n: waitingAt(work, name) })}</p>
    </Confirm>
  );
}
