import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, nhnEachMail, text, type Fixture } from '../../../testing/simulator.fixture.js';

describe('NHN files', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const upload = (more: Record<string, unknown> = {}, path = '/attachfile/binaryUpload') =>
    fixture.nhn('POST', path, { fileName: 'terms.pdf', fileBody: 'JVBERi0xLjQK', ...more });
  const idOf = async (more: Record<string, unknown> = {}) => {
    const answer = await upload(more);
    return Number(answer.json['body']?.['data']?.['fileId']);
  };
  const codeOf = (answer: { json: Record<string, unknown> }) =>
    (answer.json['header'] as { resultCode: number }).resultCode;
  const send = (attachFileIdList: unknown, kind = 'eachMail') =>
    fixture.nhn('POST', `/sender/${kind}`, nhnEachMail(['kim@x.kr'], { attachFileIdList, title: '(광고) Hello' }));

  test('takes Base64 and lists of bytes alike', async () => {
    const answer = await upload({ createUser: 'desk' });
    expect(answer.json).toEqual({
      header: { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' },
      body: { data: { fileId: expect.any(Number), fileName: 'terms.pdf' } },
    });
    await upload({ fileBody: [...Buffer.from('JVBERi0xLjQK', 'base64')] });
    await upload({ fileBody: [-1, 0, 127] });
    const [first, second, third] = fixture.simulator.files.all();
    expect(second?.sha256).toBe(first?.sha256);
    expect(third?.fileSize).toBe(3);
  });

  test.each<[number, Record<string, unknown>]>([
    [-2044, { fileName: undefined }],
    [-2044, { fileName: ' ' }],
    [-2041, { fileName: `${'a'.repeat(97)}.txt` }],
    [-2003, { fileName: '../a.txt' }],
    [-2024, { fileName: 'setup.EXE' }],
    [-2045, { fileBody: undefined }],
    [-2045, { fileBody: [] }],
    [-2045, { fileBody: '' }],
    [-9997, { fileBody: 'a' }],
    [-9997, { fileBody: 'JVBE Ri0' }],
    [-9997, { fileBody: [256] }],
    [-9997, { fileBody: {} }],
    [-2042, { createUser: 'a'.repeat(51) }],
    [-9995, { userId: 'desk' }],
    [-2013, { fileBody: Buffer.alloc(30_000_001).toString('base64') }],
  ])('refuses with %d', async (code, more) => {
    expect(codeOf(await upload(more))).toBe(code);
    expect(fixture.simulator.files.all()).toHaveLength(0);
  });

  test('takes values at the limits', async () => {
    const name = `${'a'.repeat(96)}.txt`;
    expect(codeOf(await upload({ fileName: name, createUser: 'a'.repeat(50) }))).toBe(0);
    expect(codeOf(await upload({ fileBody: Buffer.alloc(30_000_000).toString('base64') }))).toBe(0);
  });

  test('a mail carries up to ten files, as often as wanted', async () => {
    const ids = await Promise.all(Array.from({ length: 11 }, () => idOf()));
    expect(codeOf(await send(ids.slice(0, 10)))).toBe(0);
    expect(codeOf(await send(ids.slice(0, 10).map(String), 'ad-eachMail'))).toBe(0);
    expect(codeOf(await send(ids))).toBe(-2014);
    expect(codeOf(await send(['x']))).toBe(-2020);
    expect(codeOf(await send([1]))).toBe(-2004);
  });

  test('files of a mail are thirty megabytes together at most', async () => {
    const big = await idOf({ fileBody: Buffer.alloc(29_999_999).toString('base64') });
    const one = await idOf({ fileBody: [1] });
    expect(codeOf(await send([big, one]))).toBe(0);
    expect(codeOf(await send([big, one, one]))).toBe(-2021);
  });

  test('the detail and the record show what was attached', async () => {
    const fileId = await idOf();
    const sent = await send([fileId]);
    const requestId = text(sent.json['body']?.['data']?.['requestId']);
    const detail = await fixture.nhn('GET', `/sender/mail/${requestId}/0`);
    expect(detail.json['body']?.['data']?.['attachFileList']).toMatchObject([
      { fileType: 'MAIL', fileId, fileName: 'terms.pdf', fileSize: 9, createDate: '2026-11-20 12:00:00' },
    ]);
    const { json } = await fixture.call('GET', '/control/mails');
    expect(json['data']).toMatchObject([{ files: [{ fileId: String(fileId), fileName: 'terms.pdf', fileSize: 9 }] }]);
  });

  test('files of templates are others', async () => {
    const path = '/templates/attachfile/binaryUpload';
    expect(codeOf(await upload({ createUser: 'desk' }, path))).toBe(-9995);
    expect(codeOf(await upload({ userId: 'a'.repeat(51) }, path))).toBe(-2035);
    const answer = await upload({ userId: 'desk' }, path);
    const ids = [Number(answer.json['body']?.['data']?.['fileId'])];
    expect(codeOf(await send(ids))).toBe(-2004);
    fixture.simulator.change({ nhn: { foreignFileIds: 'accept' } });
    expect(codeOf(await send(ids))).toBe(0);
  });

  test('files expire or are lost on demand, or after a lifetime', async () => {
    const [first, second] = [await idOf(), await idOf()];
    await fixture.call('POST', '/control/files/forget', { fileIds: [first] });
    await fixture.call('POST', '/control/files/forget', { fileIds: [second], how: 'lose' });
    expect(codeOf(await send([first]))).toBe(-2027);
    expect(codeOf(await send([second]))).toBe(-2004);
    fixture.simulator.change({ nhn: { fileLifetimeMs: 60_000 } });
    const third = await idOf();
    fixture.advance(59_999);
    expect(codeOf(await send([third]))).toBe(0);
    fixture.advance(1);
    expect(codeOf(await send([third]))).toBe(-2027);
  });
});
