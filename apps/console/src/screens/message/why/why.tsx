import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure, Loading } from '../../../shared/states';
import { Shape, toneOf, useStatusWord, type Tone } from '../../../shared/status';
import { Ago } from '../../../shared/time';
import classes from '../message.module.css';
import type { Act } from '../message-acts';
import { diagnosisQuery, type Cause, type Diagnosis, type MessageDetail } from '../queries';
import { NextSteps } from './next-steps';
import { words } from './words';

interface Props {
  readonly message: MessageDetail;
  /** For those who may act on the message. */
  readonly onAct?: (act: Act) => void;
}

/** Where the message is, why, and what an operator can do about it. */
export function Why({ message, onAct }: Props): ReactNode {
  const { t } = useTranslation();
  const query = useQuery(diagnosisQuery(message.id));
  return (
    <section className="panel" aria-live="polite">
      <h2>{t('message.why')}</h2>
      {query.data ? (
        <Answer message={message} diagnosis={query.data} {...(onAct && { onAct })} />
      ) : query.error ? (
        <Failure error={query.error} again={() => void query.refetch()} />
      ) : (
        <Loading rows={2} />
      )}
    </section>
  );
}

/** The tone of what it waits for; without a wait, that of the message itself. */
const TONES: Readonly<Record<string, Tone>> = { look_up: 'doubt', account: 'doubt', retry: 'doubt', answer: 'moving' };

function Answer({ message, diagnosis, onAct }: Props & { readonly diagnosis: Diagnosis }): ReactNode {
  const { t } = useTranslation();
  const { waitingFor, since, until, causes } = diagnosis;
  const tone = waitingFor === null ? toneOf(message.status) : (TONES[waitingFor] ?? 'waiting');
  return (
    <div className={`padded ${classes.why}`}>
      <p className="row">
        <Shape tone={tone} />
        <strong>{waitingFor ? t(`message.waitsFor.${waitingFor}`) : t('message.waitsForNothing')}</strong>
        {since && (
          <span className="dim">
            <Ago at={since} />
          </span>
        )}
        {until && (
          <span className="dim">
            → <Ago at={until} />
          </span>
        )}
      </p>
      {causes.length > 0 && (
        <ul className={classes.causes}>
          {causes.map((cause) => (
            <CauseLine key={`${cause.code} ${cause.detail}`} cause={cause} />
          ))}
        </ul>
      )}
      <NextSteps message={message} diagnosis={diagnosis} {...(onAct && { onAct })} />
      {causes.length > 0 && (
        <details>
          <summary className="dim">{t('why.asWritten')}</summary>
          <ul className={classes.causes} lang="en">
            {causes.map(({ code, detail }) => (
              <li key={`${code} ${detail}`}>
                <code>{code}</code> {detail}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const isKnown = (code: string): code is keyof typeof words.ko.cause => code in words.ko.cause;

/** In the operator's words, then what the provider said. A code that this console does not know keeps the gateway's. */
function CauseLine({ cause }: { readonly cause: Cause }): ReactNode {
  const { t } = useTranslation();
  const word = useStatusWord();
  const { code, detail, provider, recipients, batches, status } = cause;
  const counts = [
    ...(recipients === undefined ? [] : [t('why.of.recipients', { count: recipients })]),
    ...(batches === undefined || batches < 2 ? [] : [t('why.of.batches', { count: batches })]),
    ...(status === undefined ? [] : [word(status)]),
    ...(provider === undefined ? [] : [provider.name]),
  ];
  const said = [provider?.code, provider?.message].filter(Boolean).join(' · ');
  return (
    <li>
      {isKnown(code) ? t(`why.cause.${code}`) : <span lang="en">{detail}</span>}
      {counts.length > 0 && <span className="dim"> ({counts.join(', ')})</span>}
      {said !== '' && <q className={classes.said}>{said}</q>}
      {code === 'account_unable' && (
        <span className="dim" lang="en">
          {' '}
          {detail}
        </span>
      )}
    </li>
  );
}
