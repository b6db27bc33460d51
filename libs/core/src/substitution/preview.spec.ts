import { describe, expect, it } from '@jest/globals';
import { renderTemplate, variablesOf } from './preview.js';
import { TemplateSyntaxError } from './template.js';

describe('a template as people judge it', () => {
  it('puts values in: escaped in html, raw where asked, verbatim in subject and text', () => {
    const content = { subject: 'Hi {{name}}', html: '<b>{{name}}</b>{{{link}}}', text: '{{name}}' };
    expect(renderTemplate(content, { name: 'A & B', link: '<a>' })).toEqual({
      subject: 'Hi A & B',
      html: '<b>A &amp; B</b><a>',
      text: 'A & B',
      missingVariables: [],
    });
  });

  it('names what has no value and leaves it as written', () => {
    const content = { subject: '{{a}}', html: '{{b}}{{{c}}}' };
    expect(renderTemplate(content, { b: '1' })).toEqual({
      subject: '{{a}}',
      html: '1{{c}}',
      text: null,
      missingVariables: ['a', 'c'],
    });
  });

  it('shows the text as HTML where there is no html', () => {
    expect(renderTemplate({ subject: 's', text: 'a\n<{{x}}>' }, { x: '&' })).toMatchObject({
      html: 'a<br>\n&lt;&amp;&gt;',
      text: 'a\n<&>',
    });
  });

  it('takes unsubscribe tokens for tokens, but not in the subject', () => {
    const content = { subject: '{{unsubscribe}}', html: '{{unsubscribe}} {{unsubscribeUrl}}', text: '{{unsubscribe}}' };
    expect(variablesOf(content)).toEqual(['unsubscribe']);
    expect(renderTemplate(content, {})).toEqual({
      subject: '{{unsubscribe}}',
      html: '[unsubscribe] [unsubscribe]',
      text: '[unsubscribe]',
      missingVariables: ['unsubscribe'],
    });
  });

  it('is not led astray by names of prototypes', () => {
    expect(renderTemplate({ subject: '{{constructor}}', text: 'x' }, {}).missingVariables).toEqual(['constructor']);
  });

  it('does not render what does not parse', () => {
    expect(() => renderTemplate({ subject: '{{', text: 'x' }, {})).toThrow(TemplateSyntaxError);
  });
});
