import { describe, expect, it } from '@jest/globals';
import { GatewayProblem } from '@gateway/core';
import type { z } from 'zod';
import { parseWith } from '../http/fields/field-errors.js';
import { createCategory, createTemplate, updateTemplate } from './template.schema.js';

const good = { name: 'welcome', subject: 'Hi', text: 'Hello' };

function faultsOf(schema: z.ZodType, value: unknown): readonly (readonly [string, string, string])[] {
  try {
    parseWith(schema, value);
    return [];
  } catch (error) {
    if (!(error instanceof GatewayProblem)) throw error;
    return error.fieldErrors.map(({ pointer, code, detail }) => [pointer, code, detail] as const);
  }
}

const codesOf = (schema: z.ZodType, value: unknown): readonly string[] =>
  faultsOf(schema, value).map(([pointer, code]) => `${pointer} ${code}`);

describe('a new template', () => {
  it.each(['a', '주문-안내_1.0', 'Order shipped', 'x'.repeat(100), '  trimmed  ', '한글'.normalize('NFD')])(
    'takes the name %j',
    (name) => expect(codesOf(createTemplate, { ...good, name })).toEqual([]),
  );

  it.each([
    ['', '/name required'],
    ['   ', '/name required'],
    ['x'.repeat(101), '/name too_long'],
    ['a/b', '/name not_allowed'],
    ['two  spaces', '/name not_allowed'],
    ['<b>', '/name not_allowed'],
    ['a\nb', '/name not_allowed'],
    ['カタカナ', '/name not_allowed'],
    [7, '/name invalid_type'],
  ])('refuses the name %j', (name, told) => expect(codesOf(createTemplate, { ...good, name })).toEqual([told]));

  it('counts bytes where the vendors do', () => {
    expect(codesOf(createTemplate, { ...good, subject: 'ㄱ'.repeat(166) })).toEqual([]);
    expect(codesOf(createTemplate, { ...good, subject: 'ㄱ'.repeat(167) })).toEqual(['/subject too_long']);
    expect(codesOf(createTemplate, { ...good, description: 'ㄱ'.repeat(100) })).toEqual([]);
    expect(codesOf(createTemplate, { ...good, description: `${'ㄱ'.repeat(100)}x` })).toEqual([
      '/description too_long',
    ]);
    expect(codesOf(createTemplate, { ...good, html: 'x'.repeat(500_001) })).toEqual(['/html too_large']);
    expect(codesOf(createTemplate, { ...good, from: { address: 'a@example.com', name: 'ㄱ'.repeat(24) } })).toEqual([
      '/from/name too_long',
    ]);
  });

  it('tells where a text does not parse', () => {
    const faults = faultsOf(createTemplate, { ...good, html: '<p>\n  {{na me}}</p>', subject: 'a {{b' });
    expect(faults).toEqual([
      ['/html', 'invalid_template', '"na me" is not a variable name at line 2, column 3'],
      ['/subject', 'invalid_template', '"{{" is never closed at line 1, column 3'],
    ]);
  });

  it.each([
    [{ name: 'a', text: 'b' }, ['/subject required']],
    [{ name: 'a', subject: 'b' }, ['/html required']],
    [{ name: 'a', subject: 'b', html: '', text: '' }, ['/html required']],
    [{ ...good, subject: 'a\r\nBcc: b' }, ['/subject control_character']],
    [{ ...good, from: 'nobody' }, ['/from invalid_address']],
    [{ ...good, categoryId: 'cat_x' }, ['/categoryId unknown_reference']],
    [{ ...good, colour: 'red' }, ['/colour unknown_field']],
    [{ ...good, enabled: 'yes' }, ['/enabled invalid_type']],
    ['text', [' invalid_type']],
  ])('refuses %j', (body, told) => expect(codesOf(createTemplate, body)).toEqual(told));
});

describe('changes', () => {
  it('keeps absent fields apart from those that are taken away', () => {
    expect(parseWith(updateTemplate, { html: '', text: 'x', from: '', description: '', categoryId: '' })).toEqual({
      html: null,
      text: 'x',
      from: null,
      description: null,
      categoryId: null,
    });
  });
});

describe('a category', () => {
  it('has the same names', () => {
    expect(codesOf(createCategory, { name: 'a:b' })).toEqual(['/name not_allowed']);
    expect(codesOf(createCategory, { name: 'a', parentId: 'tpl_01jgfjjz00e008000000001r81' })).toEqual([
      '/parentId unknown_reference',
    ]);
    expect(parseWith(createCategory, { name: 'a', parentId: '' })).toEqual({ name: 'a', parentId: null });
  });
});
