import { describe } from '@jest/globals';
import { createHttpClient, systemClock } from '@gateway/platform';
import { describeEmailProvider, SimulatorVendor } from '@gateway/testing';
import { readConfig } from '../../../../apps/simulator/src/config.js';
import { buildServer } from '../../../../apps/simulator/src/server.js';
import { ncpKeys } from '../../../../apps/simulator/src/vendors/ncp/keys.js';
import { createNcpProvider } from './ncp.provider.js';

/** The development simulator in this process, on a free port. */
const runSimulator = async () => {
  const { app } = await buildServer(readConfig({}));
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { origin, stop: () => app.close() };
};

const { accessKey, secretKey } = ncpKeys;

/** Pages of at most 50, a clock that is four minutes ahead, and every other reading of what the documents leave open. */
const otherReadings = {
  clockOffsetMs: 240_000,
  ncp: {
    maxPageSize: 50,
    errorDetails: true,
    listDatesRequired: true,
    absentTemplateName: '',
    unknownKeyErrorCode: '210',
  },
};

describe.each([
  ['the simulator', {}],
  ['its other readings', otherReadings],
])('%s', (name, settings) => {
  describeEmailProvider({
    kind: `ncp on ${name}`,
    vendor: new SimulatorVendor('ncp', runSimulator, 'status', settings),
    create: ({ origin, timeoutMs }) =>
      createNcpProvider(
        { baseUrl: `${origin}/api/v1`, accessKey, secretKey, successMeans: 'delivered' },
        { http: createHttpClient, clock: systemClock, timeoutMs },
      ),
    doubt: 'lookup',
    tracking: ['poll'],
    secrets: [accessKey, secretKey],
    bounce: {
      status: 'bounced',
      reason: 'unknown_user',
      bounceType: 'hard',
      code: 'RECIPIENT_ADDRESS_ERROR',
      message: '550 5.1.1 No such user',
    },
    partialRefusal: false,
    recipients: 5000,
    settledAfterMs: SimulatorVendor.settledAfterMs,
    templates: true,
    audience: true,
    listedAfterMs: 150,
    suppressions: true,
  });
});
