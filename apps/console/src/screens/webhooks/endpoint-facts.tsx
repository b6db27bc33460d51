import type { WebhookEndpointWithHealth } from '@gateway/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../shared/show/facts';
import { Status } from '../../shared/status';
import { Ago, Time, useSpan } from '../../shared/time';
import { Types } from './types';

interface Props {
  readonly endpoint: WebhookEndpointWithHealth;
}

export function EndpointFacts({ endpoint }: Props): ReactNode {
  const { t } = useTranslation();
  const { health, filter, publicKey } = endpoint;
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Facts
      rows={[
        [t('webhooks.state'), <State key="state" endpoint={endpoint} />],
        [t('webhooks.lag'), <Lag key="lag" lag={health.lag} />],
        [t('webhooks.lastSuccess'), <Ago key="success" at={health.lastSuccessAt} />],
        [t('webhooks.lastError'), <LastError key="error" error={health.lastError} />],
        [t('webhooks.description'), endpoint.description ?? '–'],
        [t('webhooks.events'), <Types key="events" of={endpoint.events} />],
        ...(isFiltered ? [[t('webhooks.filter'), <code key="filter">{JSON.stringify(filter)}</code>] as const] : []),
        [t('webhooks.pace'), <Pace key="pace" endpoint={endpoint} />],
        [t('webhooks.signing'), t(`webhooks.signings.${endpoint.signing}`)],
        ...(publicKey === undefined ? [] : [[t('webhooks.publicKey'), <code key="key">{publicKey}</code>] as const]),
        [t('webhooks.created'), <Time key="created" at={endpoint.createdAt} />],
        ['id', <code key="id">{endpoint.id}</code>],
      ]}
    />
  );
}

function State({ endpoint }: Props): ReactNode {
  const { t } = useTranslation();
  const { health, pauseReason, pausedAt } = endpoint;
  const since = pausedAt ?? health.failingSince;
  return (
    <span className="row">
      <Status status={health.state} />
      {pauseReason !== null && t(`webhooks.pauseReasons.${pauseReason}`)}
      {since !== null && <Ago at={since} />}
    </span>
  );
}

type Health = WebhookEndpointWithHealth['health'];

export function Lag({ lag }: { readonly lag: Health['lag'] }): ReactNode {
  const { t } = useTranslation();
  const span = useSpan();
  if (lag.events === 0) return <span className="dim">0</span>;
  return t('webhooks.lagOf', { n: lag.events, age: span(lag.seconds) });
}

function LastError({ error }: { readonly error: Health['lastError'] }): ReactNode {
  const { t } = useTranslation();
  if (error === null) return t('shared.none');
  return (
    <span className="row">
      <Ago at={error.at} />
      <code>{error.code}</code>
      {error.httpStatus !== null && <code>HTTP {error.httpStatus}</code>}
      {error.detail}
    </span>
  );
}

function Pace({ endpoint }: Props): ReactNode {
  const { t } = useTranslation();
  const { batch, ordered, maxInFlight, maxPerSecond } = endpoint;
  return [
    batch === null ? t('webhooks.single') : t('webhooks.batch', { n: batch.maxEvents, ms: batch.maxWaitMs }),
    ordered ? t('webhooks.ordered') : t('webhooks.inFlight', { n: maxInFlight }),
    ...(maxPerSecond === null ? [] : [t('webhooks.perSecond', { n: maxPerSecond })]),
  ].join(', ');
}
