import { describe, expect, it } from '@jest/globals';
import { filesOf, textOf } from '../support/repository.js';

const HOME = 'libs/database/src/advisory-locks.ts';

const sources = filesOf('libs/*/src/**/*.ts', 'apps/*/src/**/*.ts').filter((file) => !file.endsWith('.spec.ts'));

describe('advisory locks', () => {
  it('are numbered in one file', () => {
    const numbered = sources.filter((file) =>
      /advisory(?:_xact)?_lock(?:_shared)?\(\s*\d|hashtextextended\(/.test(textOf(file)),
    );
    expect(numbered).toEqual([HOME]);
  });
});
