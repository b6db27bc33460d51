import { describe, expect, it } from '@jest/globals';
import {
  attemptOutcomeMeanings,
  batchStatusMeanings,
  eventMeanings,
  messageStatusMeanings,
  reasonMeanings,
  recipientStatusMeanings,
} from '@gateway/core';
import { textOf } from '../support/repository.js';

const markdown = textOf('docs/glossary.md');

/** The rows of the table below a heading, without its head. */
function rowsBelow(heading: string): readonly string[] {
  const [, below = ''] = markdown.split(`\n## ${heading}\n`);
  const [section = ''] = below.split('\n## ');
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
}

describe('docs/glossary.md', () => {
  it.each([
    ['Message status', messageStatusMeanings],
    ['Recipient status', recipientStatusMeanings],
    ['Batch status', batchStatusMeanings],
    ['Attempt outcome', attemptOutcomeMeanings],
    ['Event type', eventMeanings],
    ['Reason', reasonMeanings],
  ])('explains every %s with the sentence of the code', (heading, meanings: Readonly<Record<string, string>>) => {
    const expected = Object.entries(meanings).map(([value, meaning]) => `| \`${value}\` | ${meaning} |`);
    expect(rowsBelow(heading)).toEqual(expected);
  });

  it('defines each term once, in alphabetical order', () => {
    const terms = rowsBelow('Terms').map((row) => row.split('|')[1]?.trim() ?? '');
    expect(terms).toEqual([...new Set(terms)].sort((a, b) => a.localeCompare(b, 'en')));
  });
});
