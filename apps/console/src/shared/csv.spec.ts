import { describe, expect, it } from '@jest/globals';
import { csvLine } from './csv';

describe('a line of CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('keeps %j text, which a spreadsheet would run', (text) => {
    expect(csvLine([text]).replaceAll('"', '')).toBe(`'${text}\r\n`);
  });

  it('leaves numbers and harmless text alone, and quotes what needs it', () => {
    expect(csvLine([-3, 'a "b", c', null, undefined, { a: 1 }])).toBe('-3,"a ""b"", c",,,"{""a"":1}"\r\n');
  });
});
