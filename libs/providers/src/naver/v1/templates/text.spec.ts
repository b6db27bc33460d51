import { describe, expect, it } from '@jest/globals';
import { writeNeutral } from '../../../shared/templates/neutral-text.js';
import { writeStored } from '../../../shared/templates/stored-text.js';
import { v1Stored, readV1Text } from './text.js';

const neutral = (text: string, field: 'subject' | 'html' = 'html') => writeNeutral(readV1Text(text, field), field);

describe('templates of NCP', () => {
  it.each([
    ['<p>${name}</p>', '<p>{{{name}}}</p>'],
    ['${a}${b}', '{{{a}}}{{{b}}}'],
    ['$${a} $ {a} ${', '${{{a}}} $ {a} ${'],
    ['#{UNSUBSCRIBE_MESSAGE}', '{{{unsubscribe}}}'],
    ['#{OTHER}', '#{OTHER}'],
    ['{${a}}', '&#123;{{{a}}}}'],
    ['${한글.키}', '{{{한글.키}}}'],
  ])('%s says what %s says', (text, wanted) => expect(neutral(text)).toEqual({ text: wanted, faults: [] }));

  it('have no unsubscribe tag in subjects', () => {
    expect(neutral('#{UNSUBSCRIBE_MESSAGE} ${a}', 'subject').text).toBe('#{UNSUBSCRIBE_MESSAGE} {{a}}');
  });

  it.each(['${a b}', '${unsubscribe}', `\${${'x'.repeat(65)}}`])('%s has no words', (text) => {
    expect(neutral(text).faults.length).toBe(1);
  });

  it('come back as they went', () => {
    const html = '<p>{{{name}}} {{{a.b}}} &amp; $ # {{{unsubscribe}}}</p>';
    const stored = writeStored({ subject: 'Hi {{name}}', html }, v1Stored);
    expect(stored.obstacles).toEqual([]);
    expect(neutral(stored.body).text).toBe(html);
    expect(neutral(stored.subject, 'subject').text).toBe('Hi {{name}}');
  });
});
