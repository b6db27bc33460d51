import { readFileSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/** The slowest files, slowest first. Begun last, one of them would keep a single worker busy at the end of the run. */
const SLOW = [
  'contents',
  'closed-accounts',
  'e2e/console.e2e',
  'e2e/accounts.e2e',
  'clock-jumps',
  'crashes',
  'console-tasks',
  'named-accounts',
  'doctor',
  'swagger-ui',
  'e2e/webhooks.e2e',
  'faults.e2e',
  'bulk',
  'halving',
  'client-package',
  'import-memory',
  'rolling-restart',
  'provider-trouble',
  'pace-and-quota',
  'redis-away',
  'audience-messages',
  'third-vendor',
  'nhn.contract',
  'list-messages',
  'provider-lists',
];

const rank = ({ path }) => {
  const index = SLOW.findIndex((name) => path.includes(name));
  if (index >= 0) return index;
  return SLOW.length + (sharesGateway(path) ? 1 : 0);
};

/** Last, so that the gateways that they share, which never rest, run for a part of the time only. */
const sharesGateway = (path) =>
  path.endsWith('.e2e.spec.ts') && /\b(useS|s)haredGateway\b/.test(readFileSync(path, 'utf8'));

/** A fresh clone has no times of an earlier run to go by. */
export default class SlowFirst extends Sequencer {
  async sort(tests) {
    return (await super.sort(tests)).sort((a, b) => rank(a) - rank(b));
  }
}
