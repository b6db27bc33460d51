import type { Vendor } from '../vendor.js';
import { NhnError } from './envelope.js';
import { hookControl } from './hooks/hooks.control.js';
import { nhnKeys } from './keys.js';
import { mailOf } from './mails/mail-record.js';
import { answerNhnError, nhnPlugin } from './plugin.js';
import { nhnState, storeOf } from './state.js';
import { tagControl } from './tags/tags.control.js';
import { NHN_VERSIONS } from './version.js';

/** NHN Cloud Email, all versions. */
export const nhn: Vendor = {
  ...nhnState,
  title: 'NHN',
  basePath: '',
  keys: nhnKeys,
  // The vendor's samples of /stats spell it in lower case.
  prefixes: NHN_VERSIONS.flatMap((version) =>
    ['appKeys', 'appkeys'].map((keys) => `/email/${version}/${keys}/:appKey`),
  ),
  plugin: nhnPlugin,
  owns: (path) => path.startsWith('/email/'),
  answerUnknown: (simulator, request, reply) =>
    answerNhnError(simulator, new NhnError(-9998, 'API not found.'), request, reply),
  mailOf,
  templatesOf: (simulator) =>
    storeOf(simulator)
      .templates.all()
      .map(([scope, store]) => ({ scope, categories: store.categories(), templates: store.templates() })),
  control: (app, simulator) => {
    tagControl(app, simulator);
    hookControl(app, simulator);
  },
};
