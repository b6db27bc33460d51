import { describe, expect, test } from '@jest/globals';
import type { MailContent } from '../../../state/accepted-request.js';
import { renderBody, renderTitle, STOCK_UNSUBSCRIBE_TEXT } from './render.js';

const content = (more: Partial<MailContent>): MailContent => ({
  senderAddress: 'a@b.kr',
  senderName: null,
  title: '',
  body: '',
  advertising: false,
  parameters: {},
  marker: null,
  templateId: null,
  templateName: null,
  files: [],
  customHeaders: {},
  unsubscribeMessage: null,
  templateType: 'DEFAULT',
  ...more,
});

describe('NCP substitution', () => {
  test('recipient over request, missing keys stay', () => {
    const mail = content({ title: '${a} ${b} ${c}', parameters: { a: '1', b: '2' } });
    expect(renderTitle(mail, { b: 'own' })).toBe('1 own ${c}');
  });

  test('is one pass: values are not looked into again', () => {
    const mail = content({ body: '${a}', parameters: { b: 'secret' }, advertising: true });
    expect(renderBody(mail, { a: '${b} #{UNSUBSCRIBE_MESSAGE} $&' })).toBe(
      `\${b} #{UNSUBSCRIBE_MESSAGE} $&${STOCK_UNSUBSCRIBE_TEXT}`,
    );
  });

  test('inherited object members are not values', () => {
    expect(renderTitle(content({ title: '${constructor}' }), {})).toBe('${constructor}');
  });

  test('ad mail gets the mark once and the farewell at its tag or at the end', () => {
    expect(renderTitle(content({ title: 'Sale', advertising: true }), {})).toBe('(광고) Sale');
    expect(renderTitle(content({ title: '(광고) Sale', advertising: true }), {})).toBe('(광고) Sale');
    const tagged = content({ body: 'a#{UNSUBSCRIBE_MESSAGE}b', advertising: true, unsubscribeMessage: 'bye' });
    expect(renderBody(tagged, {})).toBe('abyeb');
    expect(renderBody({ ...tagged, body: 'a' }, {})).toBe('abye');
    expect(renderBody({ ...tagged, advertising: false }, {})).toBe('a#{UNSUBSCRIBE_MESSAGE}b');
  });
});
