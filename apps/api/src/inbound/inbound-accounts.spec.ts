import { describe, expect, it } from '@jest/globals';
import { InboundAccounts } from './inbound-accounts.js';

describe(InboundAccounts.name, () => {
  const accounts = new InboundAccounts([{ name: 'one', inboundToken: 'right' }, { name: 'two' }]);

  it.each([
    ['one', 'right', true],
    ['one', 'wrong', false],
    ['one', '', false],
    ['two', '', false],
    ['two', 'undefined', false],
    ['three', 'right', false],
    ['__proto__', 'right', false],
  ])('lets %s in with %j: %p', (account, token, wanted) => {
    expect(accounts.accepts(account, token)).toBe(wanted);
  });
});
