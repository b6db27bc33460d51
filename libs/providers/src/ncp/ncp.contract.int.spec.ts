import { createHttpClient, systemClock } from '@gateway/platform';
import { describeEmailProvider, SimulatorVendor } from '@gateway/testing';
import { readConfig } from '../../../../apps/simulator/src/config.js';
import { runSimulator } from '../shared/simulator.fixture.js';
import { createNcpProvider } from './ncp.provider.js';

const { accessKey, secretKey } = readConfig({}).ncp;

describeEmailProvider({
  kind: 'ncp on the simulator',
  vendor: new SimulatorVendor('ncp', runSimulator, 'status'),
  create: ({ origin, timeoutMs }) =>
    createNcpProvider(
      { baseUrl: `${origin}/api/v1`, accessKey, secretKey, successMeans: 'delivered' },
      { http: createHttpClient, clock: systemClock, timeoutMs },
    ),
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
  settledAfterMs: 700,
});
