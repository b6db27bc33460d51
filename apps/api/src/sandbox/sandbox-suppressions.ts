import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SuppressionRepository, type Database } from '@gateway/database';
import { renewBefore } from './sandbox-renewal.js';
import { SUPPRESSED_ADDRESS } from '../suppressions/suppressions.openapi.js';

/** The address that the examples of a sandbox take off the list; nothing else is sent to it. */
export async function prepareSuppressions(
  app: NestFastifyApplication,
  database: Database,
  clientId: string,
): Promise<void> {
  const suppressions = app.get(SuppressionRepository);
  const entry = {
    addresses: [SUPPRESSED_ADDRESS],
    scope: 'marketing',
    reason: 'asked by phone',
    source: 'api',
  } as const;
  const renew = async (): Promise<void> => void (await suppressions.add(database.pool, entry));
  const call = { clientId, method: 'DELETE', route: '/v1/suppressions/:address' };
  renewBefore(app, { ...call, parameter: 'address', example: SUPPRESSED_ADDRESS }, renew);
  await renew();
}
