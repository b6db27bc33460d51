import { describe, expect, it, jest } from '@jest/globals';
import {
  ProviderRefusedError,
  ProviderUnavailableError,
  type Capabilities,
  type EmailProvider,
  type ProviderCheck,
} from '@gateway/core';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { CheckAccountService } from './check-account.service.js';

const capabilities = { limits: {}, tracking: ['poll'] } as unknown as Capabilities;
const good: ProviderCheck = {
  credentials: {
    subject: 'credentials',
    ask: async () => [{ subject: 'credentials', outcome: 'ok', detail: 'accepted' }],
  },
};
const asking = (subject: string, ask: () => Promise<never>): ProviderCheck => ({ ...good, more: [{ subject, ask }] });

const words = { name: 'one', code: '-1', httpStatus: 403 };

describe(CheckAccountService.name, () => {
  const checkOf = (provider: Partial<EmailProvider>) => {
    const one = { name: 'one', kind: 'kind', version: 'v1', capabilities, ...provider } as EmailProvider;
    return new CheckAccountService(new ProviderDirectory([one]), { now: () => new Date(0) });
  };

  it('asks everything that the account has, and shows what its settings say', async () => {
    const { findings, ...checked } = await checkOf({
      check: good,
      suppressions: { list: async () => ({ entries: [{}, {}], next: 1 }) } as unknown as NonNullable<
        EmailProvider['suppressions']
      >,
    }).execute('one');
    expect(checked).toEqual({ account: 'one', kind: 'kind', version: 'v1', outcome: 'ok', checkedAt: new Date(0) });
    expect(findings.map(({ subject, detail }) => `${subject}: ${detail}`)).toEqual([
      'credentials: accepted',
      'opt-outs: more than 2 addresses want no advertisements',
      'quota: none is set for this account',
      'pace: none is set',
      'files: the account takes none',
      'states: the account is polled',
    ]);
  });

  it('asks nothing else of an account with wrong keys', async () => {
    const list = jest.fn<() => Promise<never>>();
    const refused = async () => [
      { subject: 'credentials', outcome: 'fault' as const, detail: 'wrong', advice: 'look' },
    ];
    const { outcome, findings } = await checkOf({
      check: { credentials: { subject: 'credentials', ask: refused } },
      suppressions: { list } as unknown as NonNullable<EmailProvider['suppressions']>,
    }).execute('one');
    expect([outcome, findings[0]]).toEqual([
      'fault',
      { subject: 'credentials', outcome: 'fault', detail: 'wrong', advice: 'look' },
    ]);
    expect(list).not.toHaveBeenCalled();
  });

  it.each([
    [
      'a refusal',
      new ProviderRefusedError('No permission', words),
      'warning',
      'refused: No permission (HTTP 403, code -1)',
    ],
    [
      'a service that has ended',
      new ProviderRefusedError('Gone', words, 'retired'),
      'ok',
      'the vendor has ended this service',
    ],
    [
      'no usable answer',
      new ProviderUnavailableError('socket hang up', words),
      'fault',
      'no usable answer: socket hang up (HTTP 403, code -1)',
    ],
    ['nonsense', new TypeError('x is not a function'), 'fault', 'the answer could not be read'],
    ['no answer in time', new DOMException('', 'TimeoutError'), 'fault', 'no answer in time'],
    [
      'words that move a cursor',
      new ProviderRefusedError(`a\u001b[2J\r\nb${'x'.repeat(9000)}`, words),
      'warning',
      expect.stringMatching(/^refused: a \[2J bx{400,}…$/),
    ],
  ])('makes a finding of %s', async (_, error, outcome, detail) => {
    const { findings } = await checkOf({ check: asking('lists', async () => Promise.reject(error)) }).execute('one');
    expect(findings.find(({ subject }) => subject === 'lists')).toMatchObject({ outcome, detail });
  });

  it('ends although an account never answers and does not heed its signal', async () => {
    jest.useFakeTimers();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), ms);
      return controller.signal;
    });
    const checking = checkOf({ check: asking('lists', () => new Promise(() => undefined)) }).execute('one');
    await jest.advanceTimersByTimeAsync(10_000);
    expect((await checking).outcome).toBe('fault');
    timeout.mockRestore();
    jest.useRealTimers();
  });

  it('makes one check of those that are asked for at the same time', async () => {
    const ask = jest.fn(good.credentials.ask);
    const service = checkOf({ check: { credentials: { subject: 'credentials', ask } } });
    await Promise.all([service.execute('one'), service.execute('one')]);
    expect(ask).toHaveBeenCalledTimes(1);
    await service.execute('one');
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('knows its accounts only', async () => {
    await expect(checkOf({}).execute('two')).rejects.toMatchObject({ code: 'not_found' });
  });
});
