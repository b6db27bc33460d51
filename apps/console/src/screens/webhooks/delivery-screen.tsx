import type { WebhookDelivery } from '@gateway/client';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { useMay } from '../../gateway/use-session';
import { CodeBlock, indented } from '../../shared/show/code-block';
import { Facts } from '../../shared/show/facts';
import { Empty, Failure, Forbidden, Loaded } from '../../shared/states';
import { Shape, Status } from '../../shared/status';
import { Ago, Time } from '../../shared/time';
import { deliveryQuery, KEY } from './queries';

/** One request to a receiver with all of its attempts: what was sent, and what came back. */
export function DeliveryScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { id, deliveryId } = useParams({ from: '/webhooks/$id/$deliveryId' });
  const client = useQueryClient();
  const query = useQuery({ ...deliveryQuery(id, deliveryId), enabled: may('webhooks') });
  const retry = useMutation({
    mutationFn: () => gateway.webhookEndpoints.retryDelivery(id, deliveryId),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
  if (!may('webhooks')) return <Forbidden scope="webhooks" />;
  return (
    <div className="stack">
      <p>
        <Link to="/webhooks/$id" params={{ id }}>
          ← {t('webhooks.deliveries')}
        </Link>
      </p>
      <Loaded query={query} rows={8}>
        {(delivery) => (
          <>
            <div className="row spread">
              <h1 className="row">
                <code style={{ fontSize: '1rem' }}>{delivery.type}</code>
                <Status status={delivery.status} />
              </h1>
              <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
                {t('webhooks.retry')}
              </Button>
            </div>
            {retry.error && <Failure error={retry.error} isAct />}
            <section className="panel padded">
              <DeliveryFacts delivery={delivery} />
            </section>
            {delivery.attempts.length === 0 && <Empty>{t('webhooks.noAttempts')}</Empty>}
            {delivery.attempts.toReversed().map((attempt, index) => (
              <AttemptPanel key={attempt.at} attempt={attempt} n={delivery.attempts.length - index} />
            ))}
          </>
        )}
      </Loaded>
    </div>
  );
}

function DeliveryFacts({ delivery }: { readonly delivery: WebhookDelivery }): ReactNode {
  const { t } = useTranslation();
  return (
    <Facts
      rows={[
        [t('webhooks.begun'), <Time key="begun" at={delivery.createdAt} exact />],
        [
          t('webhooks.nextAttempt'),
          delivery.nextAttemptAt === null ? '–' : <Ago key="next" at={delivery.nextAttemptAt} />,
        ],
        [t('webhooks.finished'), <Time key="finished" at={delivery.finishedAt} exact />],
        [
          t('webhooks.message'),
          <span key="messages" className="row">
            {delivery.messages.map((id) => (
              <Link key={id} to="/messages/$id" params={{ id }} className="mono">
                {id}
              </Link>
            ))}
          </span>,
        ],
        ['webhook-id', <code key="id">{delivery.webhookId}</code>],
        [t('webhooks.replayed'), delivery.replay ? t('webhooks.yes') : t('webhooks.no')],
      ]}
    />
  );
}

type Attempt = WebhookDelivery['attempts'][number];

function AttemptPanel({ attempt, n }: { readonly attempt: Attempt; readonly n: number }): ReactNode {
  const { t } = useTranslation();
  const { error, httpStatus, request, response } = attempt;
  return (
    <section className="panel">
      <h2 className="row">
        <Shape tone={error === null ? 'good' : 'bad'} />
        {t('webhooks.attempt', { n })}
        <Time at={attempt.at} exact />
        <span className="dim">
          {httpStatus !== null && `HTTP ${httpStatus}, `}
          {attempt.durationMs.toLocaleString()} ms{attempt.address !== null && `, ${attempt.address}`}
        </span>
      </h2>
      <div className="stack padded">
        {error !== null && (
          <p className="tone-bad">
            <code>{error.code}</code> {error.detail}
          </p>
        )}
        <CodeBlock label={t('webhooks.request')} text={textOf(request)} />
        {response !== null && <CodeBlock label={t('webhooks.response')} text={textOf(response)} />}
      </div>
    </section>
  );
}

const textOf = ({ headers, body }: NonNullable<Attempt['response']>): string =>
  [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', indented(body)].join('\n');
