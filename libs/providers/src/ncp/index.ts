import { defineProvider } from '../define-provider.js';
import { naverDialect } from '../naver/dialect.js';
import { ncpCapabilities } from './ncp.capabilities.js';
import { ncpVariables, readNcpSettings } from './ncp.config.js';
import { createNcpProvider } from './ncp.provider.js';

/** NAVER Cloud Outbound Mailer, API v1. */
export const ncp = defineProvider({
  kind: 'ncp',
  version: () => 'v1',
  capabilities: ncpCapabilities,
  dialect: naverDialect,
  variables: ncpVariables,
  config: readNcpSettings,
  secrets: ({ accessKey, secretKey }) => [accessKey, secretKey],
  create: createNcpProvider,
});
