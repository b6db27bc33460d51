import { describe, expect, it } from '@jest/globals';
import type { Category, Content } from '../message.js';
import { hollowTexts, isEmptyWith } from './hollow-texts.js';
import { parseTexts } from './parsed-texts.js';

const hollowIn = (content: Content, category: Category) => parseTexts(content, category).hollow;

const fieldsOf = (content: Content, category: Category) =>
  hollowIn(content, category).map(({ field, names }) => [field, ...names]);

describe(hollowTexts.name, () => {
  it('finds texts that are made of variables and blanks alone', () => {
    expect(fieldsOf({ subject: '{{a}} {{b}}', html: '\n{{{a}}}\u3000' }, 'transactional')).toEqual([
      ['subject', 'a', 'b'],
      ['html', 'a'],
    ]);
    expect(fieldsOf({ subject: 'Hi {{a}}', html: '<p>{{a}}</p>' }, 'transactional')).toEqual([]);
    expect(fieldsOf({ subject: 'Hi', text: '{{a}}' }, 'transactional')).toEqual([['text', 'a']]);
    expect(fieldsOf({ subject: 'Hi', html: 'x', text: '{{a}}' }, 'transactional')).toEqual([]);
    expect(fieldsOf({ subject: 'Hi', html: ' \n ' }, 'transactional')).toEqual([['html']]);
  });

  it('does not take the mark of an advertisement for a subject, and takes its unsubscribe link for text', () => {
    expect(fieldsOf({ subject: '（광고） {{a}}', html: '{{unsubscribe}}' }, 'marketing')).toEqual([['subject', 'a']]);
    expect(fieldsOf({ subject: '(광고) {{a}}', html: '{{unsubscribe}}' }, 'transactional')).toEqual([
      ['html', 'unsubscribe'],
    ]);
  });
});

describe(isEmptyWith.name, () => {
  it('is about all of the variables, and a recipient’s own value counts first', () => {
    const [text] = hollowIn({ subject: '{{a}}{{b}}', html: 'x' }, 'transactional');
    if (text === undefined) throw new Error('it is not found');
    expect(isEmptyWith(text, { a: '', b: ' \t\u00a0' })).toBe(true);
    expect(isEmptyWith(text, { a: '', b: 'x' })).toBe(false);
    expect(isEmptyWith(text, { a: '', b: 'x' }, { b: ' ' })).toBe(true);
    expect(isEmptyWith(text, { a: '', b: '' }, { b: 'x' })).toBe(false);
    expect(isEmptyWith(text, { a: '' })).toBe(false);
  });

  it('sees through a mark that a value brings', () => {
    const [text] = hollowIn({ subject: '{{a}}', html: 'x' }, 'marketing');
    expect(text && isEmptyWith(text, { a: ' [광고] ' })).toBe(true);
    expect(text && isEmptyWith(text, { a: '[광고] 봄' })).toBe(false);
  });
});
