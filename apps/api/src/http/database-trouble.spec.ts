import { describe, expect, it } from '@jest/globals';
import { databaseTrouble } from './database-trouble.js';

describe(databaseTrouble.name, () => {
  it.each([
    ['a full pool', new Error('timeout exceeded when trying to connect'), /connections .* are in use/],
    [
      'a full pool below Prisma',
      new Error('failed', { cause: new Error('timeout exceeded when trying to connect') }),
      /connections .* are in use/,
    ],
    ['a server that is away', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), /not available/],
    ['a server that does not answer', new Error('Connection terminated due to connection timeout'), /not available/],
  ])('names the cause of %s', (_what, error, words) => {
    const problem = databaseTrouble(error);
    expect([problem?.code, problem?.detail]).toEqual(['overloaded', expect.stringMatching(words)]);
  });

  it('leaves other errors alone', () => {
    expect(databaseTrouble(new TypeError('x is not a function'))).toBeUndefined();
  });
});
