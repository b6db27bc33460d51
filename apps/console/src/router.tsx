import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { Crashed, NotFound, Root } from './frame/root';
import {
  audienceSearch,
  templatesSearch,
  auditSearch,
  messageSearch,
  messagesSearch,
  pageSearch,
  statisticsSearch,
  suppressionsSearch,
  tailSearch,
  webhookSearch,
} from './search';
import { Loading } from './shared/states';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/now', replace: true });
  },
});

// Each screen is a file of its own, loaded when it is opened first.
const now = createRoute({
  getParentRoute: () => root,
  path: '/now',
  component: lazyRouteComponent(() => import('./screens/now/now-screen'), 'NowScreen'),
});

const messages = createRoute({
  getParentRoute: () => root,
  path: '/messages',
  validateSearch: messagesSearch,
  component: lazyRouteComponent(() => import('./screens/messages/messages-screen'), 'MessagesScreen'),
});

const message = createRoute({
  getParentRoute: () => root,
  path: '/messages/$id',
  validateSearch: messageSearch,
  component: lazyRouteComponent(() => import('./screens/message/message-screen'), 'MessageScreen'),
});

const tail = createRoute({
  getParentRoute: () => root,
  path: '/tail',
  validateSearch: tailSearch,
  component: lazyRouteComponent(() => import('./screens/tail/tail-screen'), 'TailScreen'),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  validateSearch: pageSearch,
  component: lazyRouteComponent(() => import('./screens/webhooks/webhooks-screen'), 'WebhooksScreen'),
});

const webhook = createRoute({
  getParentRoute: () => root,
  path: '/webhooks/$id',
  validateSearch: webhookSearch,
  component: lazyRouteComponent(() => import('./screens/webhooks/endpoint-screen'), 'EndpointScreen'),
});

const delivery = createRoute({
  getParentRoute: () => root,
  path: '/webhooks/$id/$deliveryId',
  component: lazyRouteComponent(() => import('./screens/webhooks/delivery-screen'), 'DeliveryScreen'),
});

const suppressions = createRoute({
  getParentRoute: () => root,
  path: '/suppressions',
  validateSearch: suppressionsSearch,
  component: lazyRouteComponent(() => import('./screens/suppressions/suppressions-screen'), 'SuppressionsScreen'),
});

const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./screens/accounts/accounts-screen'), 'AccountsScreen'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/accounts/$name',
  component: lazyRouteComponent(() => import('./screens/accounts/account-screen'), 'AccountScreen'),
});

const routes = createRoute({
  getParentRoute: () => root,
  path: '/routes',
  component: lazyRouteComponent(() => import('./screens/routes/routes-screen'), 'RoutesScreen'),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  validateSearch: pageSearch,
  component: lazyRouteComponent(() => import('./screens/keys/keys-screen'), 'KeysScreen'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./screens/audit/audit-screen'), 'AuditScreen'),
});

const statistics = createRoute({
  getParentRoute: () => root,
  path: '/statistics',
  validateSearch: statisticsSearch,
  component: lazyRouteComponent(() => import('./screens/statistics/statistics-screen'), 'StatisticsScreen'),
});

const erasures = createRoute({
  getParentRoute: () => root,
  path: '/erasures',
  validateSearch: pageSearch,
  component: lazyRouteComponent(() => import('./screens/erasures/erasures-screen'), 'ErasuresScreen'),
});

const receipt = createRoute({
  getParentRoute: () => root,
  path: '/erasures/$id',
  component: lazyRouteComponent(() => import('./screens/erasures/receipt-screen'), 'ReceiptScreen'),
});

const templates = createRoute({
  getParentRoute: () => root,
  path: '/templates',
  validateSearch: templatesSearch,
  component: lazyRouteComponent(() => import('./screens/templates/templates-screen'), 'TemplatesScreen'),
});

const template = createRoute({
  getParentRoute: () => root,
  path: '/templates/$id',
  component: lazyRouteComponent(() => import('./screens/templates/template-screen'), 'TemplateScreen'),
});

const newTemplate = createRoute({
  getParentRoute: () => root,
  path: '/templates/new',
  component: lazyRouteComponent(() => import('./screens/templates/edit-template-screen'), 'NewTemplateScreen'),
});

const editTemplate = createRoute({
  getParentRoute: () => root,
  path: '/templates/$id/edit',
  component: lazyRouteComponent(() => import('./screens/templates/edit-template-screen'), 'EditTemplateScreen'),
});

const audience = createRoute({
  getParentRoute: () => root,
  path: '/audience',
  validateSearch: audienceSearch,
  component: lazyRouteComponent(() => import('./screens/audience/audience-screen'), 'AudienceScreen'),
});

const importContacts = createRoute({
  getParentRoute: () => root,
  path: '/audience/import',
  component: lazyRouteComponent(() => import('./screens/audience/import/import-screen'), 'ImportScreen'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    now,
    messages,
    message,
    tail,
    webhooks,
    webhook,
    delivery,
    suppressions,
    accounts,
    account,
    routes,
    keys,
    audit,
    templates,
    newTemplate,
    template,
    editTemplate,
    audience,
    importContacts,
    statistics,
    erasures,
    receipt,
  ]),
  basepath: '/dashboard',
  defaultErrorComponent: Crashed,
  defaultPendingComponent: () => <Loading />,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
