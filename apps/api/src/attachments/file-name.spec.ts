import { describe, expect, it } from '@jest/globals';
import { GatewayProblem } from '@gateway/core';
import { readFileName } from './file-name.js';

const codeOf = (name: string | undefined): unknown => {
  try {
    return readFileName(name, '/file');
  } catch (error) {
    if (error instanceof GatewayProblem) return error.fieldErrors.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
};

describe(readFileName.name, () => {
  it.each([
    ['견적서 2026.pdf', '견적서 2026.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\kim\\보고서.hwp', '보고서.hwp'],
    ['a\r\nX-Header: b\u0000.txt', 'aX-Header: b.txt'],
    ['invoice\u202efdp.pdf', 'invoicefdp.pdf'],
    ['  spaces.txt  ', 'spaces.txt'],
    ['.htaccess', '.htaccess'],
    ['half \ud800 a pair.txt', 'half \ufffd a pair.txt'],
    ['\u1112\u1161\u11ab.txt', '한.txt'],
    [`${'x'.repeat(96)}.pdf`, `${'x'.repeat(96)}.pdf`],
  ])('%j becomes %j', (given, name) => {
    expect(codeOf(given)).toBe(name);
  });

  it.each([undefined, '', '   ', '..', 'folder/', '\u0000'])('%j is no name', (given) => {
    expect(codeOf(given)).toEqual(['/file required']);
  });

  it.each(['a.exe', 'a.EXE', 'report.pdf.js', 'a.vbs. ', 'x/run.bat', 'cod\u202e.scr'])('%j is a program', (given) => {
    expect(codeOf(given)).toEqual(['/file not_allowed']);
  });

  it('has at most 100 characters', () => {
    expect(codeOf(`${'x'.repeat(97)}.pdf`)).toEqual(['/file too_long']);
  });
});
