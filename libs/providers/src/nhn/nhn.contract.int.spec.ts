import { describe } from '@jest/globals';
import { createHttpClient, systemClock } from '@gateway/platform';
import { describeEmailProvider, SimulatorVendor } from '@gateway/testing';
import { readConfig } from '../../../../apps/simulator/src/config.js';
import { buildServer } from '../../../../apps/simulator/src/server.js';
import { nhnKeys } from '../../../../apps/simulator/src/vendors/nhn/keys.js';
import { createNhnProvider } from './nhn.provider.js';

/** The development simulator in this process, on a free port. */
const runSimulator = async () => {
  const { app } = await buildServer(readConfig({}));
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { origin, stop: () => app.close() };
};

const { appKey, secretKey } = nhnKeys;

/** Every other reading of what the documents leave open, and times in UTC. */
const otherReadings = {
  nhn: {
    httpStatus: 'mapped',
    authMailReply: 'statusCode',
    eachMailReceiveType: 'MRT0',
    keepResultsWhenAllFailed: false,
    missingParameter: 'fail-mail',
    generalMailSeq: 'per-receiver',
    utcOffsetMinutes: 0,
  },
};

describe.each([
  ['v1.5', { nhn: {} }],
  ['v1.5', otherReadings],
  ['v1.7', otherReadings],
  ['v2.1', { nhn: {} }],
] as const)('%s %j', (version, settings) => {
  const hasDsn = version >= 'v1.7';
  describeEmailProvider({
    kind: `nhn ${version} on the simulator`,
    vendor: new SimulatorVendor('nhn', runSimulator, 'list', { ...settings, nhn: { tags: 'active', ...settings.nhn } }),
    create: ({ origin, timeoutMs }) =>
      createNhnProvider(
        { baseUrl: origin, appKey, secretKey, version },
        { http: createHttpClient, clock: systemClock, timeoutMs, receivesPushes: true },
      ),
    doubt: 'lookup',
    tracking: ['poll', 'push'],
    secrets: [appKey, secretKey],
    bounce: hasDsn
      ? { status: 'bounced', reason: 'unknown_user', bounceType: 'hard', code: '5.1.1' }
      : { status: 'failed', reason: 'unknown', code: 'SST3' },
    partialRefusal: true,
    settledAfterMs: SimulatorVendor.settledAfterMs,
    templates: true,
    audience: true,
    suppressions: true,
  });
});
