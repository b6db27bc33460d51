import { NhnError } from '../envelope.js';

type Test = (tagIds: ReadonlySet<string>) => boolean;

const MAX_OPERATORS = 3;

/**
 * Compiles `tagA AND (tagB OR tagC)`, given as tokens: letters, digits and parentheses, one pair of these and three
 * operators at most (nhn.md §5.8). AND binds before OR; which one the vendor takes first is unknown. Throws -7001.
 */
export function compileExpression(tokens: readonly string[]): Test {
  const words = tokens.flatMap((token) => token.split(/\s+|(?<=[()])|(?=[()])/)).filter((word) => word !== '');
  const bad = words.find((word) => !/^(?:[A-Za-z0-9]+|[()])$/.test(word));
  if (bad !== undefined) throw invalid(bad);
  if (words.filter((word) => word === '(').length > 1) throw invalid('more than one parenthesis');
  if (words.filter(isOperator).length > MAX_OPERATORS) throw invalid(`more than ${MAX_OPERATORS} AND or OR`);
  const parser = { words, at: 0 };
  const test = anyOf(parser);
  if (parser.at < words.length) throw invalid(words[parser.at] ?? '');
  return test;
}

interface Parser {
  readonly words: readonly string[];
  at: number;
}

const isOperator = (word: string): boolean => word === 'AND' || word === 'OR';

const invalid = (what: string): NhnError => new NhnError(-7001, `Invalid tag expression. ${what}`);

function anyOf(parser: Parser): Test {
  const tests = [allOf(parser)];
  while (take(parser, 'OR')) tests.push(allOf(parser));
  return (tagIds) => tests.some((test) => test(tagIds));
}

function allOf(parser: Parser): Test {
  const tests = [operand(parser)];
  while (take(parser, 'AND')) tests.push(operand(parser));
  return (tagIds) => tests.every((test) => test(tagIds));
}

function operand(parser: Parser): Test {
  if (take(parser, '(')) {
    const inner = anyOf(parser);
    if (!take(parser, ')')) throw invalid('a parenthesis is not closed');
    return inner;
  }
  const word = parser.words[parser.at];
  if (word === undefined || isOperator(word) || word === ')') throw invalid(word ?? 'it ends too early');
  parser.at += 1;
  return (tagIds) => tagIds.has(word);
}

function take(parser: Parser, word: string): boolean {
  if (parser.words[parser.at] !== word) return false;
  parser.at += 1;
  return true;
}
