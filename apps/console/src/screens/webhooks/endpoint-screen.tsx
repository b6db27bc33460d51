import type { WebhookEndpointWithHealth } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { ShownOnce } from '../../shared/show/shown-once';
import { Forbidden, Loaded } from '../../shared/states';
import { Deliveries } from './deliveries';
import { EndpointFacts } from './endpoint-facts';
import { DeleteEndpoint, PauseEndpoint, ResumeEndpoint, RotateSecret } from './endpoint-acts';
import { EditEndpoint } from './endpoint-form';
import { endpointQuery, KEY } from './queries';
import { ReplayEvents } from './replay-events';
import { TestEndpoint } from './test-endpoint';

type Act = 'edit' | 'test' | 'pause' | 'resume' | 'rotate' | 'replay' | 'delete';

/** One endpoint: how it is, what was sent to it, and what can be done. */
export function EndpointScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { id } = useParams({ from: '/webhooks/$id' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [act, setAct] = useState<Act>();
  const [secret, setSecret] = useState<string>();
  const query = useQuery({ ...endpointQuery(id), enabled: may('webhooks') });
  if (!may('webhooks')) return <Forbidden scope="webhooks" />;
  const end = (): void => {
    setAct(undefined);
    void client.invalidateQueries({ queryKey: [KEY] });
  };
  return (
    <div className="stack">
      <p>
        <Link to="/webhooks">← {t('webhooks.title')}</Link>
      </p>
      <Loaded query={query}>
        {(endpoint) => (
          <>
            <div className="row spread">
              <h1>
                <code style={{ fontSize: '1rem' }}>{endpoint.url}</code>
              </h1>
              <Acts endpoint={endpoint} onAct={setAct} />
            </div>
            <section className="panel padded">
              <EndpointFacts endpoint={endpoint} />
            </section>
            <Deliveries id={id} />
            {act === 'edit' && <EditEndpoint endpoint={endpoint} onClose={end} />}
            {act === 'test' && <TestEndpoint id={id} onClose={end} />}
            {act === 'pause' && <PauseEndpoint endpoint={endpoint} onClose={end} />}
            {act === 'resume' && <ResumeEndpoint endpoint={endpoint} onClose={end} />}
            {act === 'replay' && <ReplayEvents id={id} onClose={end} />}
            {act === 'rotate' && <RotateSecret endpoint={endpoint} onSecret={setSecret} onClose={end} />}
            {act === 'delete' && (
              <DeleteEndpoint endpoint={endpoint} onDeleted={() => void navigate({ to: '/webhooks' })} onClose={end} />
            )}
          </>
        )}
      </Loaded>
      {secret !== undefined && (
        <ShownOnce title={t('webhooks.secretTitle')} secret={secret} onClose={() => setSecret(undefined)}>
          <p>{t('webhooks.secretText')}</p>
        </ShownOnce>
      )}
    </div>
  );
}

interface OfEndpoint {
  readonly endpoint: WebhookEndpointWithHealth;
}

function Acts({ endpoint, onAct }: OfEndpoint & { readonly onAct: (act: Act) => void }): ReactNode {
  const { t } = useTranslation();
  const verbs: readonly Act[] = ['edit', endpoint.enabled ? 'pause' : 'resume', 'test', 'replay', 'rotate', 'delete'];
  return (
    <div className="row">
      {verbs.map((verb) => (
        <Button
          key={verb}
          variant={verb === 'resume' ? 'filled' : verb === 'delete' ? 'subtle' : 'default'}
          {...(verb === 'delete' && { c: 'var(--bad)' })}
          onClick={() => onAct(verb)}
        >
          {t(`webhooks.verbs.${verb}`)}
        </Button>
      ))}
    </div>
  );
}
