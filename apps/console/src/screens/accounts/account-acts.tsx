import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Confirm } from '../../shared/confirm';

export type AccountVerb = 'pause' | 'resume' | 'drain';

interface Props {
  readonly name: string;
  readonly verb: AccountVerb;
  readonly onClose: () => void;
}

/** Stops or opens an account. A reason is asked for where mail stops: the next operator reads it. */
export function AccountActDialog({ name, verb, onClose }: Props): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const given = reason.trim();
  const body = given === '' ? {} : { reason: given };
  const acts = {
    pause: () => gateway.providers.pause(name, body),
    resume: () => gateway.providers.resume(name),
    drain: () => gateway.providers.drain(name, body),
  };
  return (
    <Confirm
      title={t(`accounts.titles.${verb}`, { account: name })}
      verb={t(`accounts.verbs.${verb}`)}
      danger={verb !== 'resume'}
      ready={verb === 'resume' || given !== ''}
      act={acts[verb]}
      onClose={onClose}
    >
      <p>{t(`accounts.texts.${verb}`)}</p>
      {verb !== 'resume' && (
        <TextInput
          label={t('accounts.reason')}
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
      )}
    </Confirm>
  );
}
