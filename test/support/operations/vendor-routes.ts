import Fastify from 'fastify';
import { Simulator } from '../../../apps/simulator/src/state/simulator.js';
import { vendors } from '../../../apps/simulator/src/vendors/vendors.js';

/** `GET /files/{tempRequestId}`: a vendor's call as its documents write it, without the common prefix of the paths. */
export type VendorCall = string;

/** Its kind. */
export type Vendor = string;

/** Every call that the simulator of a vendor answers, as its plugin registers them. */
export async function simulatedCalls(vendor: Vendor): Promise<readonly VendorCall[]> {
  const app = Fastify({ exposeHeadRoutes: false });
  const calls: VendorCall[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    calls.push(`${String(method)} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
  const simulated = vendors.find(({ kind }) => kind === vendor);
  if (simulated === undefined) throw new Error(`the simulator has no vendor "${vendor}"`);
  await app.register(async (scope) => simulated.plugin(scope, new Simulator(vendors, {})));
  await app.ready();
  await app.close();
  return calls.sort();
}

/** The call that a request is; a fixed part of a path counts more than a parameter. */
export function callOf(request: { readonly method: string; readonly path: string }, calls: readonly VendorCall[]) {
  const path = request.path.replace(/^\/(api\/v1|sens(?=\/)|email\/[^/]+\/appKeys\/[^/]+)/, '').replace(/\?.*$/, '');
  const parameters = (call: VendorCall): number => call.split('{').length;
  const [call] = calls
    .filter((each) => new RegExp(`^${each.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(`${request.method} ${path}`))
    .sort((a, b) => parameters(a) - parameters(b));
  return call ?? `${request.method} ${path}`;
}
