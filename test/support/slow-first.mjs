import Sequencer from '@jest/test-sequencer';

/** What takes longest, longest first: begun last, one of them would keep a single worker busy at the end of the run. */
const SLOW = ['swagger-ui', 'crashes', 'faults', 'nhn.contract', 'accounts.e2e', 'list-messages', 'provider-lists'];

const rank = ({ path }) => {
  const index = SLOW.findIndex((name) => path.includes(name));
  return index < 0 ? SLOW.length : index;
};

/** A fresh clone has no times of an earlier run to go by. */
export default class SlowFirst extends Sequencer {
  async sort(tests) {
    return (await super.sort(tests)).sort((a, b) => rank(a) - rank(b));
  }
}
