import { defineProvider } from '../define-provider.js';
import { sensCapabilities, sensDialect } from './sens.capabilities.js';
import { readSensSettings, sensVariables } from './sens.config.js';
import { createSensProvider } from './sens.provider.js';

/** NAVER Cloud SENS, mail API v2. */
export const sens = defineProvider({
  kind: 'sens',
  version: () => 'v2',
  capabilities: sensCapabilities,
  dialect: sensDialect,
  variables: sensVariables,
  config: readSensSettings,
  secrets: ({ accessKey, secretKey }) => [accessKey, secretKey],
  create: createSensProvider,
});
