import { Tabs } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isNotFound } from '../../gateway/gateway';
import { useAfterEvents } from '../../gateway/live';
import { useMay } from '../../gateway/use-session';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { Status } from '../../shared/status';
import { CopyMenu } from './copy-menu';
import { Facts } from './facts';
import { MessageActs, type Act } from './message-acts';
import { Preview } from './preview';
import { ProviderRequest } from './provider-request';
import { messageQuery, type MessageDetail } from './queries';
import { Recipients } from './recipients';
import { Timeline } from './timeline';
import { Why } from './why/why';

const route = getRouteApi('/messages/$id');

const TABS = ['timeline', 'recipients', 'preview', 'request'] as const;
type TabName = (typeof TABS)[number];

/** One message: what happened to it, why, and what can be done. */
export function MessageScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { id } = route.useParams();
  const query = useQuery({ ...messageQuery(id), enabled: may('messages:read') });
  const client = useQueryClient();
  const reload = (): void => void client.invalidateQueries({ queryKey: ['message', id] });
  useAfterEvents(reload);
  if (!may('messages:read')) return <Forbidden scope="messages:read" />;
  return (
    <div className="stack">
      <Link to="/messages">← {t('message.back')}</Link>
      {isNotFound(query.error) ? (
        <Empty>{t('message.notFound')}</Empty>
      ) : (
        <Loaded query={query} rows={10}>
          {(message) => <Whole message={message} onChanged={reload} />}
        </Loaded>
      )}
    </div>
  );
}

function Whole({ message, onChanged }: { readonly message: MessageDetail; readonly onChanged: () => void }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [act, setAct] = useState<Act>();
  const { tab: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const tab: TabName = TABS.find((each) => each === asked) ?? 'timeline';
  const panels: Readonly<Record<TabName, ReactNode>> = {
    timeline: <Timeline message={message} />,
    recipients: <Recipients message={message} />,
    preview: <Preview message={message} />,
    request: <ProviderRequest message={message} />,
  };
  return (
    <>
      <div className="row spread">
        <div className="row">
          <h1>{message.subject ?? t(message.contentWithheld === null ? 'message.erased' : 'message.withheld')}</h1>
          <Status status={message.status} />
        </div>
        <div className="row">
          <CopyMenu message={message} />
          {may('messages:write') && <MessageActs message={message} act={act} setAct={setAct} onChanged={onChanged} />}
        </div>
      </div>
      <Why message={message} {...(may('messages:write') && { onAct: setAct })} />
      <Facts message={message} />
      <section className="panel">
        <Tabs
          value={tab}
          onChange={(next) => void navigate({ search: { tab: next ?? 'timeline' }, replace: true })}
          keepMounted={false}
        >
          <Tabs.List>
            {TABS.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {t(`message.tab.${each}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {TABS.map((each) => (
            <Tabs.Panel key={each} value={each}>
              {panels[each]}
            </Tabs.Panel>
          ))}
        </Tabs>
      </section>
    </>
  );
}
