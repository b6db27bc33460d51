import type { Vendor } from '../vendor.js';
import { sensControl } from './control.js';
import { gatewayError, commonError } from './errors.js';
import { sensKeys } from './keys.js';
import { mailOf } from './mails/mail-record.js';
import { answerSensError, sensPlugin } from './plugin.js';
import { v1Access } from './project.js';
import { sensState, storeOf } from './state.js';

/** NAVER Cloud SENS, mail API v2. It answers at its documented paths, and below `/sens`, as behind a proxy. */
export const sens: Vendor = {
  ...sensState,
  title: 'SENS',
  basePath: '/sens',
  keys: sensKeys,
  onRequest: true,
  prefixes: ['', '/sens'],
  plugin: sensPlugin,
  owns: (path) => /^(\/sens)?\/(mail|common)\/v2\//.test(path),
  answerUnknown: (simulator, request, reply, pathIsKnown) => {
    const error = pathIsKnown
      ? commonError(405, 'Method Not Allowed', 'no such method')
      : gatewayError(404, '300', 'Not Found Exception');
    return answerSensError(simulator, error, request, reply);
  },
  mailOf,
  templatesOf: (simulator) => [...storeOf(simulator).templates.values()],
  control: sensControl,
  companions: v1Access,
};
