import { describe, expect, it } from '@jest/globals';
import { judgeContent } from './content-type.js';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n');
const PROGRAM = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
const ZIP = Buffer.from('504b0304140000000800', 'hex');

describe(judgeContent.name, () => {
  it.each([
    ['a picture said to be text', PNG, 'text/plain', 'image/png'],
    ['a document', PDF, 'application/octet-stream', 'application/pdf'],
    ['text', Buffer.from('a,b\n1,2\n'), 'text/csv; charset=utf-8', 'text/csv'],
    ['text in Korean, nothing said', Buffer.from('안녕하세요'), '', 'application/octet-stream'],
    ['nonsense said', Buffer.from('x'), 'text/"html"', 'application/octet-stream'],
    ['a container of somebody', ZIP, 'application/hwp+zip', 'application/hwp+zip'],
    ['one byte', Buffer.from('%'), 'TEXT/Plain', 'text/plain'],
  ])('%s', async (_name, head, declared, contentType) => {
    expect(await judgeContent(head, declared)).toEqual({ contentType });
  });

  it('knows a program in disguise', async () => {
    expect(await judgeContent(PROGRAM, 'application/pdf')).toMatchObject({ program: 'exe' });
  });
});
