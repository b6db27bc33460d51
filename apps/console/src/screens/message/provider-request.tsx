import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { gateway } from '../../gateway/gateway';
import { useMay } from '../../gateway/use-session';
import { Empty, Loaded } from '../../shared/states';
import { asRequest } from './as-request';
import classes from './message.module.css';
import type { MessageDetail } from './queries';

const SHOWN = 3;

const requestQuery = (message: MessageDetail) =>
  queryOptions({
    queryKey: ['message', message.id, 'request'],
    queryFn: async ({ signal }) => {
      const { data } = await gateway.messages.recipients(message.id, { limit: SHOWN }, { signal });
      const addresses = data.flatMap(({ address }) => address ?? []);
      const { provider } = message.routing as { provider: string };
      const preview = await gateway.messages.preview(
        { ...asRequest(message, addresses), provider, dedupe: true },
        { signal },
      );
      return { requests: preview.requests };
    },
    staleTime: Infinity,
  });

/** The request to the provider, as the gateway would make it now; addresses are masked. */
export function ProviderRequest({ message }: { readonly message: MessageDetail }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const isPossible = message.subject !== null && (message.html !== null || message.text !== null);
  const query = useQuery({ ...requestQuery(message), enabled: isPossible && may('messages:write') });
  if (!may('messages:write')) return <Empty>{t('message.requestNeeds')}</Empty>;
  if (message.contentWithheld !== null) return <Empty>{t('message.textsWithheld')}</Empty>;
  if (!isPossible) return <Empty>{t('message.requestNone')}</Empty>;
  return (
    <Loaded query={query}>
      {({ requests }) => (
        <>
          <p className="padded dim">{t('message.requestNote')}</p>
          {requests.map((request, index) => (
            <pre key={index} className={`mono ${classes.code}`} tabIndex={0} aria-label={t('message.tab.request')}>
              {JSON.stringify(request, null, 2)}
            </pre>
          ))}
        </>
      )}
    </Loaded>
  );
}
