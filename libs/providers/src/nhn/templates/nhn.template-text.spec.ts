import { describe, expect, it } from '@jest/globals';
import { writeNeutral } from '../../shared/templates/neutral-text.js';
import { readNhnText, writeNhnTexts, type TemplateType } from './nhn.template-text.js';

const neutral = (text: string, type: TemplateType, field: 'subject' | 'html' = 'html') =>
  writeNeutral(readNhnText(text, type), field);

describe('templates of NHN', () => {
  it.each([
    ['DEFAULT', 'Hi ##name##', 'Hi {{{name}}}'],
    ['DEFAULT', '##a####b##', '{{{a}}}{{{b}}}'],
    ['DEFAULT', 'a ## b ${x} #c#', 'a ## b ${x} #c#'],
    ['DEFAULT', '##BLOCK_RECEIVER_LINK##', '{{{unsubscribe}}}'],
    ['DEFAULT', '<a href="##BLOCK_RECEIVER_LINK_URL##">', '<a href="{{{unsubscribeUrl}}}">'],
    ['FREEMARKER', 'Hi ${name} ##key##', 'Hi {{{name}}} ##key##'],
    ['FREEMARKER', 'Hi ${ name }', 'Hi {{{name}}}'],
    ['FREEMARKER', '${r"${"}x} ${"a"} ${\'b\'}', '${x} a b'],
    ['FREEMARKER', '<#-- note -->a<#noparse>${b}</#noparse>', 'a${b}'],
    ['FREEMARKER', '##BLOCK_RECEIVER_LINK##', '{{{unsubscribe}}}'],
  ] as const)('%s %s says what %s says', (type, text, wanted) => {
    expect(neutral(text, type)).toEqual({ text: wanted, faults: [] });
  });

  it.each([
    ['FREEMARKER', '<#if a>b</#if>', 2],
    ['FREEMARKER', '<#list a as b>${b}</#list>', 2],
    ['FREEMARKER', '<@macro/>', 1],
    ['FREEMARKER', '${a!"b"}', 1],
    ['FREEMARKER', '${a?upper_case}', 1],
    ['FREEMARKER', '${order.id}', 1],
    ['FREEMARKER', '[#if a]b[/#if]', 2],
    ['FREEMARKER', '#{a}', 1],
    ['DEFAULT', '##EN_BLOCK_RECEIVER_LINK##', 1],
  ] as const)('%s %s is reported as having no equivalent', (type, text, faults) => {
    expect(neutral(text, type).faults.length).toBe(faults);
  });

  it('have no unsubscribe token in subjects', () => {
    expect(neutral('##BLOCK_RECEIVER_LINK##', 'DEFAULT', 'subject').faults.length).toBe(1);
  });

  it.each([
    ['DEFAULT', { subject: 'Hi {{name}}', html: '{{{a.b}}} ${x} ## #{{{c}}}' }],
    ['FREEMARKER', { subject: '## {{name}} ##', html: '{{{name}}} ${x} <#if> ##x## [=a]' }],
  ] as const)('%s come back as they went', (type, content) => {
    const { templateType, subject, body, obstacles } = writeNhnTexts(content);
    expect([templateType, obstacles]).toEqual([type, []]);
    expect(neutral(subject, templateType, 'subject')).toEqual({ text: content.subject, faults: [] });
    const { text, faults } = neutral(body, templateType);
    expect([text.replaceAll('&#35;', '#'), faults]).toEqual([content.html, []]);
  });

  it('tell what neither type can say', () => {
    expect(writeNhnTexts({ subject: '## {{a.b}}', html: 'x' }).obstacles).toEqual([
      '"##" in a subject cannot be written there',
    ]);
    expect(writeNhnTexts({ subject: '{{BLOCK_RECEIVER_LINK}}', html: 'x' }).obstacles.length).toBe(1);
  });
});
