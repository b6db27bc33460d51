import { defineProvider } from '../define-provider.js';
import { nhnCapabilities, nhnDialect } from './nhn.capabilities.js';
import { nhnVariables, readNhnSettings } from './nhn.config.js';
import { createNhnProvider } from './nhn.provider.js';

/** NHN Cloud Notification > Email, API v1.5 to v2.1. */
export const nhn = defineProvider({
  kind: 'nhn',
  version: ({ version }) => version,
  capabilities: nhnCapabilities,
  dialect: nhnDialect,
  variables: nhnVariables,
  config: readNhnSettings,
  secrets: ({ appKey, secretKey }) => (secretKey === undefined ? [appKey] : [appKey, secretKey]),
  create: createNhnProvider,
});
