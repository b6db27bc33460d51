import { NCP_PREFIXES } from './scope.js';
import { addressBookControl } from './audience/address-book.control.js';
import { gatewayError, serviceError } from './errors.js';
import { ncpKeys } from './keys.js';
import { mailOf } from './mails/mail-record.js';
import { answerNcpError, ncpPlugin } from './plugin.js';
import { ncpState, storeOf } from './state.js';
import type { Vendor } from '../vendor.js';

/** NCP Cloud Outbound Mailer v1. */
export const ncp: Vendor = {
  ...ncpState,
  title: 'NCP',
  basePath: '/api/v1',
  keys: ncpKeys,
  prefixes: NCP_PREFIXES,
  plugin: ncpPlugin,
  owns: (path) => path.startsWith('/api/v1'),
  // The gateway has no such path; the service has no such method.
  answerUnknown: (simulator, request, reply, pathIsKnown) => {
    const error = pathIsKnown
      ? serviceError(405, '77001', 'METHOD_NOT_ALLOWED')
      : gatewayError(404, '300', 'Not Found Exception');
    return answerNcpError(simulator, error, request, reply);
  },
  mailOf,
  templatesOf: (simulator) =>
    storeOf(simulator)
      .templates.all()
      .map(([scope, tree]) => ({ scope, nodes: tree.all() })),
  control: addressBookControl,
};
