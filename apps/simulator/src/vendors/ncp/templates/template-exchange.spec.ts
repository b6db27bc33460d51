import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, signedHeaders, type Fixture } from '../../../testing/simulator.fixture.js';
import { storeOf } from '../state.js';

const TEMPLATE = { templateName: 't1', title: 'T', body: 'B', senderAddress: 'no-reply@shop.example' };

describe('NCP template export and import', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const request = async () => Number((await fixture.ncp('POST', '/template/export/request')).json['sid']);
  const upload = (bytes: string, name = 'file') =>
    fixture.upload('/template/import', [{ name, fileName: 'template.json', bytes }]);
  const refused = (code = '77102') => ({ status: 400, json: { error: { code } } });

  test('an export is pending, creating, completed and at last expired', async () => {
    await fixture.ncp('POST', '/template', TEMPLATE);
    const answer = await fixture.ncp('POST', '/template/export/request');
    expect(answer).toMatchObject({ status: 200, json: { sid: expect.any(Number) } });
    const path = `/template/export/${Number(answer.json['sid'])}`;
    const row = async () => (await fixture.ncp('GET', '/template/export')).json['content']?.[0];
    expect(await row()).toMatchObject({
      statusCode: { code: 'R', label: 'Pending' },
      completeUtc: null,
      elapsedTime: null,
      downloadUrl: null,
    });
    expect(await fixture.ncp('GET', path)).toMatchObject(refused());
    fixture.advance(50);
    expect(await row()).toMatchObject({ statusCode: { code: 'I' } });
    fixture.advance(250);
    expect(await row()).toMatchObject({ statusCode: { code: 'C' }, elapsedTime: '00:00:00.300' });
    expect((await fixture.ncp('GET', path)).text).toContain('"name": "t1"');
    fixture.simulator.change({ ncp: { exportNotReadyCode: '77103' }, clockOffsetMs: 0 });
    fixture.advance(7 * 86_400_000);
    expect(await row()).toMatchObject({ statusCode: { code: 'E' }, downloadUrl: null });
    expect(await fixture.ncp('GET', path)).toMatchObject(refused('77103'));
    expect(await fixture.ncp('GET', '/template/export/1')).toMatchObject(refused('77103'));
  });

  test('the file is sent as an attachment', async () => {
    const url = `/api/v1/template/export/${await request()}`;
    fixture.advance(300);
    const origin = await fixture.listen();
    const answer = await fetch(origin + url, { headers: signedHeaders('GET', url, fixture.simulator.now()) });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream;charset=UTF-8',
      'content-disposition': 'attachment; filename="template_20261120120000.json";',
      'content-transfer-encoding': 'binary',
    });
    expect(await answer.json()).toEqual({ contents: [] });
  });

  test('the list is paged and sorted', async () => {
    const sids = [await request(), await request(), await request()];
    const list = async (query: string) => (await fixture.ncp('GET', `/template/export${query}`)).json;
    expect(await list('?size=2&sort=sid,desc')).toMatchObject({
      totalElements: 3,
      content: [{ sid: sids[2] }, { sid: sids[1] }],
    });
    expect(await fixture.ncp('GET', '/template/export?sort=name')).toMatchObject(refused());
  });

  test('an exported file can be imported elsewhere', async () => {
    const { json } = await fixture.ncp('POST', '/category', { categoryName: 'c' });
    await fixture.ncp('POST', '/template', { ...TEMPLATE, categorySid: json['sid'] });
    const sid = await request();
    fixture.advance(300);
    const file = (await fixture.ncp('GET', `/template/export/${sid}`)).text;
    storeOf(fixture.simulator).templates.clear();
    expect(await upload(file)).toMatchObject({
      status: 201,
      json: { contents: [{ name: 'c', isCategory: true, templates: [{ name: 't1' }] }] },
    });
  });

  test('everything before the first error stays', async () => {
    const good = { name: 'a', title: 'T', body: 'B', senderAddress: 'a@shop.example' };
    const file = JSON.stringify([good, { ...good, name: 'b' }, good, { ...good, name: 'c' }]);
    expect(await upload(file)).toMatchObject(refused());
    const { json } = await fixture.ncp('GET', '/template');
    expect(json['contents']).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    fixture.simulator.change({ ncp: { partialImport: 'accept', importStatus: 200 } });
    expect(await upload(JSON.stringify([{ ...good, name: 'c' }, good]))).toMatchObject({
      status: 200,
      json: { contents: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
    });
  });

  test('refuses files that are no template export', async () => {
    expect(await upload('{"contents":')).toMatchObject(refused());
    expect(await upload('{"contents":5}')).toMatchObject(refused());
    expect(await upload('[5]')).toMatchObject(refused());
    expect(await upload('[]', 'fileList')).toMatchObject(refused());
    expect((await fixture.ncp('POST', '/template/import', [])).status).toBe(415);
  });
});
