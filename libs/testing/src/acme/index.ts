import { defineProvider } from '@gateway/providers';
import { acmeCapabilities, acmeDialect } from './acme.capabilities.js';
import { acmeVariables, readAcmeSettings } from './acme.config.js';
import { createAcmeProvider } from './acme.provider.js';

/** A third vendor that does not exist: it settles doubts by repeats and reports by pushes. */
export const acme = defineProvider({
  kind: 'acme',
  version: () => 'v1',
  capabilities: acmeCapabilities,
  dialect: acmeDialect,
  variables: acmeVariables,
  config: readAcmeSettings,
  secrets: ({ token, pushSecret }) => [token, pushSecret],
  create: createAcmeProvider,
});
