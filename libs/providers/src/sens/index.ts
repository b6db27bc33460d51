import { defineProvider } from '../define-provider.js';
import { naverDialect } from '../naver/dialect.js';
import { sensCapabilities } from './sens.capabilities.js';
import { readSensSettings, sensVariables } from './sens.config.js';
import { createSensProvider } from './sens.provider.js';

/** NAVER Cloud SENS, mail API v2. */
export const sens = defineProvider({
  kind: 'sens',
  version: () => 'v2',
  capabilities: sensCapabilities,
  dialect: naverDialect,
  variables: sensVariables,
  config: readSensSettings,
  secrets: ({ accessKey, secretKey, v1 }) => [
    accessKey,
    secretKey,
    ...(v1 === undefined ? [] : [v1.accessKey, v1.secretKey]),
  ],
  create: createSensProvider,
});
