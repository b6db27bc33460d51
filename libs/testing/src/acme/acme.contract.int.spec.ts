import { createHttpClient, systemClock } from '@gateway/platform';
import { acmeSimulator } from '../../../../apps/simulator/src/testing/acme/acme.fixture.js';
import { acmeKeys } from '../../../../apps/simulator/src/testing/acme/keys.js';
import { describeEmailProvider } from '../provider-contract/describe-email-provider.js';
import { SimulatorVendor } from '../provider-contract/simulator-vendor.js';
import { createAcmeProvider } from './acme.provider.js';

const { token, pushSecret } = acmeKeys;

describeEmailProvider({
  kind: 'acme on its look-alike',
  vendor: new SimulatorVendor('acme', acmeSimulator),
  create: ({ origin, timeoutMs }) =>
    createAcmeProvider(
      { baseUrl: origin, token, pushSecret },
      { http: createHttpClient, clock: systemClock, timeoutMs },
    ),
  doubt: 'repeat',
  tracking: ['push'],
  secrets: [token, pushSecret],
  bounce: { status: 'bounced', reason: 'unknown_user', bounceType: 'hard', code: 'no_such_user' },
  partialRefusal: true,
  postponesRecipients: true,
  attachments: false,
  settledAfterMs: SimulatorVendor.settledAfterMs,
});
