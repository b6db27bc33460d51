import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { now } from '../../../gateway/clock';
import { useMay } from '../../../gateway/use-session';
import { actsOf, type Act } from '../message-acts';
import classes from '../message.module.css';
import type { Cause, Diagnosis, MessageDetail } from '../queries';
import { words } from './words';

interface Props {
  readonly message: MessageDetail;
  readonly diagnosis: Diagnosis;
  readonly onAct?: (act: Act) => void;
}

type Advice = keyof typeof words.ko.advice;

const isAdvised = (code: string): code is Advice => code in words.ko.advice;

/** A worker takes due mail at once; after this something is wrong. */
const PATIENCE_MS = 30_000;

/** A worker is asked for only when none has come for a while. */
const needsAdvice = ({ code }: Cause, { since }: Diagnosis): boolean =>
  code !== 'worker' || (since !== null && now() - Date.parse(since) > PATIENCE_MS);

/** Accounts that hold mail up, or whose side has the cure. */
const AT_ACCOUNT: ReadonlySet<string> = new Set([
  'quota',
  'throttled',
  'provider_unavailable',
  'auth_failed',
  'sender_not_verified',
  'account',
  'look_up',
  'retry',
]);

/** Advice for each cause, and buttons and links to where it is followed. */
export function NextSteps({ message, diagnosis, onAct }: Props): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { causes, waitingFor } = diagnosis;
  const advice = [...new Set(causes.filter((cause) => needsAdvice(cause, diagnosis)).map(({ code }) => code))].filter(
    isAdvised,
  );
  const accounts = [
    ...new Set(causes.flatMap(({ code, provider }) => (provider && AT_ACCOUNT.has(code) ? [provider.name] : []))),
  ];
  const has = (...codes: readonly string[]): boolean => causes.some(({ code }) => codes.includes(code));
  const acts = onAct === undefined ? [] : actsOf(message).filter((act) => act !== 'redrive' || waitingFor === null);
  const showsList = has('suppressed', 'recipient_opted_out') && may('suppressions');
  const template = has('template_error') && may('templates') ? message.template?.id : undefined;
  if (advice.length + acts.length + accounts.length === 0 && !showsList) return null;
  return (
    <div>
      <h3>{t('message.next')}</h3>
      {advice.length > 0 && (
        <ul className={classes.causes}>
          {advice.map((code) => (
            <li key={code}>{t(`why.advice.${code}`)}</li>
          ))}
        </ul>
      )}
      <div className={`row ${classes.steps}`}>
        {acts.map((act) => (
          <Button key={act} size="compact-xs" variant="default" onClick={() => onAct?.(act)}>
            {t(`why.step.${act}`)}
          </Button>
        ))}
        {may('providers') &&
          accounts.map((name) => (
            <Button
              key={name}
              size="compact-xs"
              variant="default"
              renderRoot={(props) => <Link to="/accounts/$name" params={{ name }} {...props} />}
            >
              {t('why.step.account', { account: name })}
            </Button>
          ))}
        {showsList && (
          <Button
            size="compact-xs"
            variant="default"
            renderRoot={(props) => <Link to="/suppressions" search={{}} {...props} />}
          >
            {t('why.step.suppressions')}
          </Button>
        )}
        {template !== undefined && (
          <Button
            size="compact-xs"
            variant="default"
            renderRoot={(props) => <Link to="/templates/$id" params={{ id: template }} {...props} />}
          >
            {t('why.step.templates')}
          </Button>
        )}
      </div>
    </div>
  );
}
