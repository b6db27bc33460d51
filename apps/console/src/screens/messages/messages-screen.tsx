import { Button } from '@mantine/core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAfterEvents } from '../../gateway/live';
import { useLookAt, useMay, useSession } from '../../gateway/use-session';
import { Pager } from '../../shared/pager';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { useZone } from '../../shared/time';
import { ChosenBar } from './chosen-bar';
import { CsvButton } from './csv-button';
import { MessagesTable } from './messages-table';
import { messagesQuery, type Row } from './queries';
import { readLine, tokensOf, withFilter, type FilterName } from './query-line';
import { QueryLineInput } from './query-line-input';
import { useTrail } from './trail';

const route = getRouteApi('/messages');

const QUICK = [
  ['quickHeld', 'status', 'held'],
  ['quickFailed', 'status', 'failed'],
  ['quickPartly', 'status', 'partially_failed'],
  ['quickSending', 'status', 'sending'],
  ['quickHour', 'after', '1h'],
  ['quickYesterday', 'after', 'yesterday'],
] as const satisfies readonly (readonly [string, FilterName, string])[];

/** All messages, by a query line that is the address of the page. */
export function MessagesScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const zone = useZone();
  const { q = '', cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const session = useSession();
  const { filter, faults, client: wanted } = readLine(q, zone, session?.clients);
  const isElsewhere = wanted !== undefined && wanted !== session?.client;
  const usable = faults.length === 0 && may('messages:read') && !isElsewhere;
  const lookAt = useLookAt();
  const switches = isElsewhere && faults.length === 0;
  useEffect(() => {
    if (switches) lookAt(wanted);
  }, [switches, wanted]);
  const query = useQuery({ ...messagesQuery(q, filter, cursor), enabled: usable, placeholderData: keepPreviousData });
  const client = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(new Map());
  const reload = (): void => void client.invalidateQueries({ queryKey: ['messages'] });
  useAfterEvents(reload);
  const trail = useTrail(query.data?.nextCursor ?? null);
  if (!may('messages:read')) return <Forbidden scope="messages:read" />;
  const ask = (line: string): void => {
    setChosen(new Map());
    void navigate({ search: line === '' ? {} : { q: line } });
  };
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('messages.title')}</h1>
        <CsvButton filter={filter} disabled={!usable} />
      </div>
      <QueryLineInput line={q} onLine={ask} />
      <div className="row" role="group" aria-label={t('messages.quick')}>
        {QUICK.map(([word, name, value]) => {
          const on = tokensOf(q).includes(`${name}:${value}`);
          return (
            <Button
              key={word}
              size="compact-xs"
              variant={on ? 'filled' : 'default'}
              aria-pressed={on}
              onClick={() => ask(withFilter(q, name, value))}
            >
              {t(`messages.${word}`)}
            </Button>
          );
        })}
      </div>
      {may('messages:write') && chosen.size > 0 && (
        <ChosenBar chosen={chosen} filter={filter} onChosen={setChosen} onDone={reload} />
      )}
      {usable && (
        <section className="panel">
          <Loaded query={query} rows={12}>
            {({ data, nextCursor }) => (
              <>
                <MessagesTable
                  rows={data}
                  onOpen={({ id }) => void navigate({ to: '/messages/$id', params: { id } })}
                  {...(may('messages:write') && { chosen, onChosen: setChosen })}
                  empty={
                    <Empty>
                      {nextCursor !== null
                        ? t('messages.emptySearch')
                        : q === ''
                          ? t('messages.emptyAll')
                          : t('messages.empty')}
                    </Empty>
                  }
                />
                <Pager newer={trail.newer} older={trail.older} />
              </>
            )}
          </Loaded>
        </section>
      )}
    </div>
  );
}
