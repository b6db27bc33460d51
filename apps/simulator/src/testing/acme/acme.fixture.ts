import { readConfig } from '../../config.js';
import { buildServer } from '../../server.js';
import { vendors } from '../../vendors/vendors.js';
import { acme } from './acme.js';

/** The list of look-alikes as it would be with the third vendor. */
export const withAcme = [...vendors, acme];

/** A simulator with it in this process, on a free port. */
export async function acmeSimulator() {
  const { app } = await buildServer(readConfig({}, withAcme), undefined, withAcme);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { origin, stop: () => app.close() };
}
