import { describe, expect, it } from '@jest/globals';
import { GatewayProblem, ProviderRefusedError, ProviderUnavailableError } from '@gateway/core';
import { administer } from './administer.js';

const failing = async (error: Error): Promise<unknown> => {
  try {
    return await administer({ account: 'acme', withinMs: 1000 }, () => Promise.reject(error));
  } catch (thrown) {
    return thrown;
  }
};
const words = { name: 'acme', code: '7' };

describe('administering an account', () => {
  it('returns the result of the work', async () => {
    expect(await administer({ account: 'acme', withinMs: 1000 }, () => Promise.resolve(1))).toBe(1);
  });

  it.each([
    [new ProviderRefusedError('no', words), 'unsupported_by_provider', undefined],
    [new ProviderRefusedError('no', words, 'retired'), 'provider_retired', undefined],
    [new ProviderUnavailableError('away', words), 'overloaded', 5],
    [new ProviderUnavailableError('away', words, 1500), 'overloaded', 2],
  ])('tells %s as %s, with the words of the account', async (error, code, retryAfterSeconds) => {
    const problem = await failing(error);
    expect(problem).toBeInstanceOf(GatewayProblem);
    expect(problem).toMatchObject({ code, provider: words, retryAfterSeconds });
  });

  it('leaves other errors as they are', async () => {
    const error = new TypeError('a defect');
    expect(await failing(error)).toBe(error);
  });

  it('ends in time', async () => {
    const hanging = administer(
      { account: 'acme', withinMs: 20 },
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
    await expect(hanging).rejects.toMatchObject({ code: 'overloaded', provider: { name: 'acme' } });
  });
});
