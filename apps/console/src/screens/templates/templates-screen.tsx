import type { TemplateSummary } from '@gateway/client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { changed } from '../../search';
import { DataTable, type Column } from '../../shared/data-table';
import { Filters } from '../../shared/filters';
import { Pager } from '../../shared/pager';
import { paging } from '../../shared/paging';
import { Empty, Forbidden, Loaded } from '../../shared/states';
import { Status } from '../../shared/status';
import { Ago } from '../../shared/time';
import { templatesQuery, type TemplateFilter } from './queries';

export function TemplatesScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  if (!may('templates')) return <Forbidden scope="templates" />;
  return (
    <div className="stack">
      <div className="row spread">
        <h1>{t('templates.title')}</h1>
        <Button renderRoot={(props) => <Link to="/templates/new" {...props} />}>{t('templates.create')}</Button>
      </div>
      <TemplateList />
    </div>
  );
}

const STATES = ['enabled', 'disabled', 'deleted'] as const;

const FILTERS: Readonly<Record<(typeof STATES)[number], TemplateFilter>> = {
  enabled: { enabled: 'true' },
  disabled: { enabled: 'false' },
  deleted: { deleted: 'true' },
};

function TemplateList(): ReactNode {
  const { t } = useTranslation();
  const search = useSearch({ from: '/templates' });
  const navigate = useNavigate();
  const { state, ...texts } = search;
  const known = STATES.find((each) => each === state);
  const list = useQuery(templatesQuery({ ...texts, ...(known && FILTERS[known]) }));
  const columns = useColumns();
  const go = (to: typeof search): void => void navigate({ to: '/templates', search: to });
  return (
    <section className="panel">
      <Filters
        values={search}
        apply={go}
        fields={[
          { name: 'q', label: t('templates.find'), placeholder: t('templates.findHint'), width: 260 },
          {
            name: 'state',
            label: t('templates.state'),
            width: 140,
            options: STATES.map((value) => ({ value, label: t(`shared.status.${value}`) })),
          },
        ]}
      />
      <Loaded query={list} rows={6}>
        {({ data, nextCursor }) => (
          <>
            <DataTable
              label={t('templates.title')}
              columns={columns}
              rows={data}
              rowKey={({ id }) => id}
              onOpen={({ id }) => void navigate({ to: '/templates/$id', params: { id } })}
              empty={<Empty>{Object.keys(search).length > 0 ? t('templates.noMatch') : t('templates.empty')}</Empty>}
            />
            <Pager {...paging(search.cursor, nextCursor, (cursor) => go(changed(search, { cursor })))} />
          </>
        )}
      </Loaded>
    </section>
  );
}

const stateOf = ({ deletedAt, enabled }: TemplateSummary): 'deleted' | 'enabled' | 'disabled' =>
  deletedAt !== null ? 'deleted' : enabled ? 'enabled' : 'disabled';

export function TemplateState({ template }: { readonly template: TemplateSummary }): ReactNode {
  const state = stateOf(template);
  return <Status status={state} tone={state === 'enabled' ? 'good' : 'aside'} />;
}

function useColumns(): readonly Column<TemplateSummary>[] {
  const { t } = useTranslation();
  return [
    { key: 'state', title: t('templates.state'), cell: (template) => <TemplateState template={template} /> },
    { key: 'name', title: t('templates.name'), cell: ({ name }) => <strong>{name}</strong> },
    { key: 'subject', title: t('templates.subject'), wide: true, cell: ({ subject }) => subject },
    { key: 'from', title: t('templates.from'), cell: ({ from }) => from?.address ?? '–' },
    { key: 'version', title: t('templates.version'), numeric: true, cell: ({ version }) => version },
    { key: 'updated', title: t('templates.updated'), cell: ({ updatedAt }) => <Ago at={updatedAt} /> },
  ];
}
