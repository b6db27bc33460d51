import { describe, expect, test } from '@jest/globals';
import { compileExpression } from './tag-expression.js';

describe('compileExpression', () => {
  const chosen = (...tokens: string[]) =>
    ['a', 'b', 'c', 'ab', 'ac', 'bc', 'abc'].filter((tags) => compileExpression(tokens)(new Set(tags)));

  test.each<[string[], string[]]>([
    [['a'], ['a', 'ab', 'ac', 'abc']],
    [
      ['a', 'AND', 'b'],
      ['ab', 'abc'],
    ],
    [
      ['a', 'OR', 'b', 'AND', 'c'],
      ['a', 'ab', 'ac', 'bc', 'abc'],
    ],
    [
      ['(a', 'OR', 'b)', 'AND', 'c'],
      ['ac', 'bc', 'abc'],
    ],
    [
      ['a', 'AND', '(', 'b', 'OR', 'c', ')'],
      ['ab', 'ac', 'abc'],
    ],
    [
      ['a OR b', 'AND', 'c'],
      ['a', 'ab', 'ac', 'bc', 'abc'],
    ],
    [['none'], []],
  ])('%j', (tokens, expected) => {
    expect(chosen(...tokens)).toEqual(expected);
  });

  test.each<[string[]]>([
    [[]],
    [['']],
    [['AND']],
    [['a', 'AND']],
    [['a', 'b']],
    [['(a', 'OR', 'b']],
    [['a)']],
    [['(a)', 'OR', '(b)']],
    [['a-b']],
    [['a', 'OR', 'b', 'OR', 'c', 'OR', 'd', 'OR', 'e']],
  ])('refuses %j', (tokens) => {
    expect(() => compileExpression(tokens)).toThrow('Invalid tag expression');
  });
});
