import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../gateway/use-session';
import { Forbidden, Loaded } from '../../shared/states';
import { EditRoutes } from './edit-routes';
import { routesQuery, type Route, type Routes } from './queries';
import { RouteTable } from './route-table';
import { ShadowDifferences } from './shadow-differences';

/** Which mail goes through which account. */
export function RoutesScreen(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const routes = useQuery({ ...routesQuery, enabled: may('admin') });
  // Edited are the routes that were on the screen, whatever is stored meanwhile: the version tells.
  const [edited, setEdited] = useState<Routes>();
  const [shadow, setShadow] = useState<Route>();
  if (!may('admin')) return <Forbidden scope="admin" />;
  const end = (): void => {
    setEdited(undefined);
    void client.invalidateQueries({ queryKey: routesQuery.queryKey });
  };
  return (
    <div className="stack">
      <div className="row spread">
        <h1 className="row">
          {t('routes.title')}
          {routes.data && <span className="tag">{t('routes.version', { n: routes.data.version })}</span>}
        </h1>
        {routes.data && !edited && <Button onClick={() => setEdited(routes.data)}>{t('routes.edit')}</Button>}
      </div>
      <p className="dim">{t('routes.text')}</p>
      {edited ? (
        <EditRoutes stored={edited} onClose={end} />
      ) : (
        <section className="panel">
          <Loaded query={routes}>{(data) => <RouteTable routes={data.routes} onShadow={setShadow} />}</Loaded>
        </section>
      )}
      {shadow && <ShadowDifferences route={shadow} onClose={() => setShadow(undefined)} />}
    </div>
  );
}
