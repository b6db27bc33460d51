import type { FastifyInstance } from 'fastify';
import { lastOf, queryOf } from '../../http/query.js';
import { vendorRoute, type VendorContext } from '../../http/vendor-route.js';
import type { Simulator } from '../../state/simulator.js';
import { invalid, notFound } from './errors.js';
import { keysOf } from './keys.js';
import { settingsOf } from './state.js';

const PROJECT_ID = '3f0c7c1e-5b1d-4e57-9d0a-000000000002';

/** The project look-up (sens.md §7): list and get. Projects with mail cannot be made by API. */
export function projectRoutes(app: FastifyInstance, context: VendorContext): void {
  const { simulator } = context;
  vendorRoute(app, context, { method: 'GET', url: '/common/v2/projects', operation: 'other' }, (call) => {
    const query = queryOf(call);
    const size = Number(lastOf(query, 'pageSize') ?? 100);
    const index = Number(lastOf(query, 'pageIndex') ?? 0);
    if (!Number.isInteger(size) || size < 1 || size > 100) throw invalid('pageSize', 'must be 1 to 100');
    if (!Number.isInteger(index) || index < 0) throw invalid('pageIndex', 'must be a whole number');
    const name = lastOf(query, 'projectName') ?? '';
    const page = projects(simulator)
      .filter(({ projectName }) => projectName.includes(name))
      .slice(index * size, (index + 1) * size);
    return settingsOf(simulator).projects === 'array' ? page : { projects: page };
  });

  const get = { method: 'GET', url: '/common/v2/projects/:projectId', operation: 'other' } as const;
  vendorRoute(app, context, get, (call) => {
    const { projectId } = call.params as { projectId: string };
    const found = projects(simulator).find((project) => project.projectId === projectId);
    if (found === undefined) throw notFound(`project ${projectId} does not exist`, settingsOf(simulator));
    return found;
  });
}

/** Two projects: the sandbox's, and one without mail. */
function projects(simulator: Simulator) {
  const { serviceId } = keysOf(simulator);
  const useMail = settingsOf(simulator).channel === 'on';
  const flags = { useSms: false, useKkoBizMsg: false, useMail };
  const name = serviceId.slice(serviceId.lastIndexOf(':') + 1);
  return [
    {
      projectId: PROJECT_ID,
      projectName: name,
      projectDesc: '',
      ...flags,
      ...(useMail && { mailService: { serviceId } }),
    },
    {
      projectId: '3f0c7c1e-5b1d-4e57-9d0a-000000000003',
      projectName: 'texts-only',
      projectDesc: '',
      useSms: true,
      useKkoBizMsg: false,
      useMail: false,
      smsService: { serviceId: 'ncp:sms:kr:100000000002:texts-only' },
    },
  ];
}
