import { describe } from '@jest/globals';
import { createHttpClient, systemClock } from '@gateway/platform';
import { describeEmailProvider, SimulatorVendor } from '@gateway/testing';
import { readConfig } from '../../../../apps/simulator/src/config.js';
import { buildServer } from '../../../../apps/simulator/src/server.js';
import { ncpKeys } from '../../../../apps/simulator/src/vendors/ncp/keys.js';
import { sensKeys } from '../../../../apps/simulator/src/vendors/sens/keys.js';
import { createSensProvider } from './sens.provider.js';

/** The development simulator in this process, on a free port. */
const runSimulator = async () => {
  const { app } = await buildServer(readConfig({}));
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { origin, stop: () => app.close() };
};

const { accessKey, secretKey, serviceId } = sensKeys;

/** Only documented fields, a clock that is four minutes ahead, and every other reading of what is not documented. */
const otherReadings = {
  clockOffsetMs: 240_000,
  sens: {
    unknownFields: 'reject',
    fieldErrors: 'texts',
    commonErrorNames: 'errors',
    notFound: 'empty',
    created: 'id-only',
    retryAfterSeconds: null,
    pageCounters: 'none',
    countsByStatus: 'object',
    rows: 'bare',
    preparingMails: 'ready',
    detailBody: 'escaped',
    optedOutStatus: 'UNSUBSCRIBED',
    recipientStatus: 'absent',
    sendDateTime: 'present',
    dates: 'milliseconds',
    utcOffsetMinutes: 0,
    parameters: 'recipient-only',
  },
};

/** Answers that say as little as the documents allow. */
const fewestWords = { sens: { fieldErrors: 'absent', countsByStatus: 'absent', rows: 'bare' } };

const contract = {
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
  timesDeliveries: false,
  sharedAdvertisements: false,
  recipients: 5000,
  settledAfterMs: SimulatorVendor.settledAfterMs,
} as const;

describe.each([
  ['the simulator', {}, ''],
  ['its other readings', otherReadings, '/sens'],
  ['its fewest words', fewestWords, '/sens'],
])('%s', (name, settings, prefix) => {
  describeEmailProvider({
    kind: `sens on ${name}`,
    vendor: new SimulatorVendor('sens', runSimulator, 'status', settings),
    create: ({ origin, timeoutMs }) =>
      createSensProvider(
        { baseUrl: `${origin}${prefix}`, serviceId, accessKey, secretKey, successMeans: 'delivered' },
        { http: createHttpClient, clock: systemClock, timeoutMs },
      ),
    ...contract,
    attachments: false,
  });
});

/** An account of a migrated project: mail by v2, everything else by v1. */
describe('with v1 of the same project', () => {
  describeEmailProvider({
    kind: 'sens and v1 on the simulator',
    vendor: new SimulatorVendor('sens', runSimulator, 'status', {}, 'ncp'),
    create: ({ origin, timeoutMs }) =>
      createSensProvider(
        {
          baseUrl: origin,
          serviceId,
          accessKey,
          secretKey,
          successMeans: 'delivered',
          v1: { ...ncpKeys, baseUrl: `${origin}/api/v1`, files: 'send' },
        },
        { http: createHttpClient, clock: systemClock, timeoutMs },
      ),
    ...contract,
    secrets: [accessKey, secretKey, ncpKeys.accessKey, ncpKeys.secretKey],
    templates: true,
    audience: true,
    listedAfterMs: 150,
    suppressions: true,
  });
});
