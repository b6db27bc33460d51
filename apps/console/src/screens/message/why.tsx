import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from '../../shared/states';
import { Ago } from '../../shared/time';
import { diagnosisQuery, type Diagnosis, type MessageDetail } from './queries';
import classes from './message.module.css';

/** Where the message is, why, and what an operator can do about it. */
export function Why({ message }: { readonly message: MessageDetail }): ReactNode {
  const { t } = useTranslation();
  const { data, error } = useQuery(diagnosisQuery(message.id));
  return (
    <section className="panel" aria-live="polite">
      <h2>{t('message.why')}</h2>
      {data && <Answer diagnosis={data} />}
      {!data && !error && <Loading rows={2} />}
      {!data && error && (
        <p className="padded">
          {message.waiting ? (
            message.waiting.detail
          ) : (
            <span className="dim">{t('message.whyFailed', { detail: error.message })}</span>
          )}
        </p>
      )}
    </section>
  );
}

function Answer({ diagnosis }: { readonly diagnosis: Diagnosis }): ReactNode {
  const { t } = useTranslation();
  const { waitingFor, since, until, causes, nextSteps } = diagnosis;
  return (
    <div className={`padded ${classes.why}`}>
      <p>
        <strong>{waitingFor ? t(`message.waitsFor.${waitingFor}`) : t('message.waitsForNothing')}</strong>{' '}
        {since && (
          <span className="dim">
            (<Ago at={since} />)
          </span>
        )}{' '}
        {until && (
          <span className="dim">
            → <Ago at={until} />
          </span>
        )}
      </p>
      {causes.length > 0 && (
        <ul className={classes.causes}>
          {causes.map(({ code, detail, provider }) => (
            <li key={`${code} ${detail}`}>
              <code>{code}</code> {detail} {provider && <span className="dim">{vendorWords(provider)}</span>}
            </li>
          ))}
        </ul>
      )}
      {nextSteps.length > 0 && (
        <div>
          <h3>{t('message.next')}</h3>
          <ul className={classes.causes}>
            {nextSteps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

const vendorWords = ({ name, code, message }: NonNullable<Diagnosis['causes'][number]['provider']>): string =>
  [name, code, message].filter(Boolean).join(' · ');
