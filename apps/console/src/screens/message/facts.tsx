import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CountsBar } from '../../shared/counts-bar';
import { Status } from '../../shared/status';
import { Time } from '../../shared/time';
import classes from './message.module.css';
import type { MessageDetail } from './queries';

interface Routing {
  readonly provider: string;
  readonly candidates?: readonly {
    readonly provider: string;
    readonly able: boolean;
    readonly reasons: readonly unknown[];
  }[];
  readonly failovers?: readonly { readonly from?: string; readonly to: string; readonly reason?: string }[];
}

const textOf = (reason: unknown): string =>
  typeof reason === 'string'
    ? reason
    : ((reason as { detail?: string; code?: string }).detail ?? JSON.stringify(reason));

export function Facts({ message }: { readonly message: MessageDetail }): ReactNode {
  const { t } = useTranslation();
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('message.id'), <code key="id">{message.id}</code>],
    [t('message.from'), fromOf(message)],
    [t('message.category'), t(`shared.category.${message.category}`)],
    [t('message.delivery'), message.delivery],
    [t('message.candidates'), <Candidates key="routing" routing={message.routing} />],
    [t('message.accepted'), <Time key="accepted" at={message.createdAt} exact />],
    ...(message.sendAt ? ([[t('message.sendAt'), <Time key="sendAt" at={message.sendAt} exact />]] as const) : []),
    ...(message.completedAt
      ? ([[t('message.completed'), <Time key="done" at={message.completedAt} exact />]] as const)
      : []),
    ...(message.template
      ? ([[t('message.template'), <code key="template">{JSON.stringify(message.template)}</code>]] as const)
      : []),
    ...(message.tags.length > 0 ? ([[t('message.tags'), message.tags.join(', ')]] as const) : []),
    ...(Object.keys(message.metadata).length > 0
      ? ([[t('message.metadata'), <code key="metadata">{JSON.stringify(message.metadata)}</code>]] as const)
      : []),
    ...(message.attachments.length > 0 ? ([[t('message.attachments'), message.attachments.join(', ')]] as const) : []),
    ...(message.redriveOf
      ? ([
          [
            t('message.redriveOf'),
            <Link key="redrive" to="/messages/$id" params={{ id: message.redriveOf }}>
              {message.redriveOf}
            </Link>,
          ],
        ] as const)
      : []),
    ...(message.warnings.length > 0
      ? ([[t('message.warnings'), message.warnings.map(textOf).join(' · ')]] as const)
      : []),
  ];
  return (
    <section className="panel">
      <h2>{t('message.facts')}</h2>
      <div className={`padded ${classes.facts}`}>
        <dl className={classes.list}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <div className={classes.counts}>
          <strong>{t('message.counts', { n: message.recipientCount })}</strong>
          <CountsBar counts={message.counts} total={message.recipientCount} />
          <ul>
            {Object.entries(message.counts)
              .filter(([, n]) => n > 0)
              .map(([status, n]) => (
                <li key={status}>
                  <Link
                    to="/messages/$id"
                    params={{ id: message.id }}
                    search={{ tab: 'recipients', recipients: status }}
                  >
                    <Status status={status} />
                  </Link>{' '}
                  {n.toLocaleString()}
                </li>
              ))}
          </ul>
        </div>
      </div>
    </section>
  );
}

const fromOf = ({ from }: MessageDetail): string =>
  from.name === undefined ? from.address : `${from.name} <${from.address}>`;

/** The decision, and what spoke against the others. */
function Candidates({ routing }: { readonly routing: Routing }): ReactNode {
  const { t } = useTranslation();
  return (
    <span className={classes.candidates}>
      <strong>{routing.provider}</strong>
      {(routing.candidates ?? []).map(({ provider, able, reasons }) => (
        <span key={provider} className="dim">
          {able
            ? t('message.able', { account: provider })
            : t('message.unable', { account: provider, reasons: reasons.map(textOf).join('; ') })}
        </span>
      ))}
      {(routing.failovers ?? []).map(({ from = routing.provider, to, reason = '' }) => (
        <span key={`${from} ${to}`} className="tone-doubt">
          {t('message.failover', { from, to, reason })}
        </span>
      ))}
    </span>
  );
}
