import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { Failure, Loading } from '../../shared/states';
import { Shape } from '../../shared/status';
import classes from './accounts.module.css';

const TONES = { ok: 'good', warning: 'doubt', fault: 'bad' } as const;

/** A vendor may need its time for each question. */
const SLOW = { timeoutMs: 110_000, deadlineMs: 120_000, maxRetries: 0 };

/** Asks the vendor harmless questions; no mail is sent. */
export function AccountCheck({ name, onClose }: { readonly name: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const check = useQuery({
    queryKey: ['account-check', name],
    queryFn: ({ signal }) => gateway.providers.check(name, { ...SLOW, signal }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('accounts.checkTitle', { account: name })}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <div className="stack">
        <p className="dim">{t('accounts.checkText')}</p>
        {check.isFetching ? (
          <Loading />
        ) : check.error ? (
          <Failure error={check.error} isAct />
        ) : (
          <ul className={classes.findings}>
            {check.data?.findings.map(({ subject, outcome, detail, advice }) => (
              <li key={subject}>
                <span className={`row tone-${TONES[outcome]}`}>
                  <Shape tone={TONES[outcome]} />
                  {t(`accounts.outcomes.${outcome}`)} <strong>{subject}</strong>
                </span>
                <span>{detail}</span>
                {advice !== null && <span className="dim">{advice}</span>}
              </li>
            ))}
          </ul>
        )}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={() => void check.refetch()} disabled={check.isFetching}>
            {t('accounts.checkAgain')}
          </Button>
          <Button onClick={onClose}>{t('shared.close')}</Button>
        </div>
      </div>
    </Modal>
  );
}
