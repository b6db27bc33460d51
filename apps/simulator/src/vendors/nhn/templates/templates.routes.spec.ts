import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, NHN_BASE, nhnEachMail, type Fixture, type Json } from '../../../testing/simulator.fixture.js';

describe('NHN categories and templates', () => {
  let fixture: Fixture;
  let rootId = 0;
  beforeEach(async () => {
    fixture = await aSimulator();
    const { json } = await fixture.nhn('GET', '/categories');
    rootId = Number(json['body']?.['data']?.[0]?.['categoryId']);
  });
  afterEach(() => fixture.close());

  const codeOf = async (answer: Promise<{ json: Json }>) => (await answer).json['header']?.['resultCode'];
  const dataOf = async (answer: Promise<{ json: Json }>) => (await answer).json['body']?.['data'];
  const template = (more: Record<string, unknown> = {}) => ({
    categoryId: rootId,
    templateId: 'PARCEL_OUT',
    templateName: 'Parcel left',
    sendMailAddress: 'notice@shop.example',
    title: 'Order ##no## shipped',
    body: '<p>##name##, your parcel left.</p>',
    ...more,
  });
  const register = (more: Record<string, unknown> = {}) => fixture.nhn('POST', '/templates', template(more));
  const uploadFor = async (path: string) =>
    Number((await dataOf(fixture.nhn('POST', path, { fileName: 'a.txt', fileBody: 'YWJj' })))?.['fileId']);
  const HEADER_ONLY = { header: { isSuccessful: true, resultCode: 0, resultMessage: 'SUCCESS' } };
  const category = async (more: Record<string, unknown> = {}) =>
    Number((await dataOf(fixture.nhn('POST', '/categories', { categoryName: 'Delivery', ...more })))?.['categoryId']);

  test('categories are created under the root, read, changed and deleted', async () => {
    const id = await category({ categoryDesc: 'parcels', userId: 'ops' });
    const path = `/categories/${id}`;
    expect(await dataOf(fixture.nhn('GET', path))).toEqual({
      categoryId: id,
      categoryParentId: rootId,
      depth: 1,
      categoryName: 'Delivery',
      categoryDesc: 'parcels',
      useYn: 'Y',
      createUser: 'ops',
      createDate: '2026-11-20 12:00:00.0',
      updateUser: 'ops',
      updateDate: '2026-11-20 12:00:00.0',
    });
    const changed = await fixture.nhn('PUT', path, { categoryName: 'Parcels', useYn: 'N' });
    expect(changed.json).toEqual(HEADER_ONLY);
    expect(await dataOf(fixture.nhn('GET', '/categories?useYn=N'))).toMatchObject([
      { categoryName: 'Parcels', categoryDesc: 'parcels' },
    ]);
    const list = await fixture.nhn('GET', `/categories?categoryParentId=${rootId}&pageSize=1`);
    expect(list.json['body']).toMatchObject({ pageNum: 1, pageSize: 1, totalCount: 1 });
    expect((await fixture.nhn('DELETE', path)).json).toEqual(HEADER_ONLY);
    expect(await codeOf(fixture.nhn('GET', path))).toBe(-3006);
  });

  test.each<[number, Record<string, unknown>]>([
    [-3003, { categoryName: undefined }],
    [-3003, { categoryName: '' }],
    [-3004, { categoryName: 'a'.repeat(201) }],
    [-3005, { categoryDesc: 'a'.repeat(1_001) }],
    [-2046, { useYn: 'y' }],
    [-3001, { categoryParentId: 1 }],
    [-2035, { userId: 'a'.repeat(51) }],
    [-9997, { categoryParentId: 'x' }],
    [-9995, { name: 'a' }],
  ])('refuses a category with %d: %j', async (code, more) => {
    expect(await codeOf(fixture.nhn('POST', '/categories', { categoryName: 'a', ...more }))).toBe(code);
  });

  test('the root stays, and so does a category that holds something', async () => {
    const id = await category({ categoryName: 'a'.repeat(200), categoryDesc: 'a'.repeat(1_000) });
    await register({ categoryId: id });
    expect(await codeOf(fixture.nhn('DELETE', `/categories/${rootId}`))).toBe(-3007);
    expect(await codeOf(fixture.nhn('DELETE', `/categories/${id}`))).toBe(-3002);
    fixture.simulator.change({ nhn: { filledCategory: 'remove-all' } });
    expect(await codeOf(fixture.nhn('DELETE', `/categories/${id}`))).toBe(0);
    expect(await codeOf(fixture.nhn('GET', '/templates/PARCEL_OUT'))).toBe(-2107);
    expect(await codeOf(fixture.nhn('GET', '/categories/x'))).toBe(-9993);
  });

  test('templates are registered, read, changed and deleted', async () => {
    const fileId = await uploadFor('/templates/attachfile/binaryUpload');
    expect((await register({ attachFileIdList: [fileId], templateDesc: 'd' })).json).toEqual(HEADER_ONLY);
    const path = '/templates/PARCEL_OUT';
    const row = {
      templateId: 'PARCEL_OUT',
      categoryId: rootId,
      categoryName: 'Category',
      templateName: 'Parcel left',
      templateDesc: 'd',
      useYn: 'Y',
      delYn: 'N',
      title: 'Order ##no## shipped',
      createDate: '2026-11-20 12:00:00.0',
      updateDate: '2026-11-20 12:00:00.0',
    };
    expect(await dataOf(fixture.nhn('GET', '/templates'))).toEqual([row]);
    expect(await dataOf(fixture.nhn('GET', path))).toEqual({
      ...row,
      sendMailAddress: 'notice@shop.example',
      templateType: 'DEFAULT',
      body: '<p>##name##, your parcel left.</p>',
      attachFileList: [expect.objectContaining({ fileType: 'TEMPLATE', fileId, fileName: 'a.txt', fileSize: 3 })],
    });
    const changes = { title: '${no}', templateType: 'FREEMARKER', attachFileIdList: [], useYn: 'N' };
    expect((await fixture.nhn('PUT', path, changes)).json).toEqual(HEADER_ONLY);
    expect(await dataOf(fixture.nhn('GET', path))).toMatchObject({
      title: '${no}',
      templateType: 'FREEMARKER',
      useYn: 'N',
      attachFileList: [],
      templateDesc: 'd',
    });
    expect(await codeOf(fixture.nhn('PUT', path, { templateId: 'A' }))).toBe(-9995);
    expect((await fixture.nhn('DELETE', path)).json).toEqual(HEADER_ONLY);
    for (const method of ['GET', 'DELETE'] as const) expect(await codeOf(fixture.nhn(method, path))).toBe(-2107);
    expect(await dataOf(fixture.nhn('GET', '/templates'))).toEqual([]);
  });

  test.each<[number, Record<string, unknown>]>([
    [-2108, { categoryId: undefined }],
    [-3001, { categoryId: 1 }],
    [-2100, { templateId: undefined }],
    [-2110, { templateId: 'a'.repeat(51) }],
    [-2114, { templateId: 'a/b' }],
    [-2114, { templateId: "it's" }],
    [-2102, { templateName: '' }],
    [-9995, { templateName: 'a'.repeat(201) }],
    [-9995, { templateDesc: 'a'.repeat(4_001) }],
    [-2106, { useYn: 'yes' }],
    [-2103, { sendMailAddress: undefined }],
    [-2051, { sendMailAddress: 'shop' }],
    [-2112, { title: undefined }],
    [-9995, { title: 'a'.repeat(501) }],
    [-2005, { templateType: 'MUSTACHE' }],
    [-2105, { body: '' }],
    [-2004, { attachFileIdList: [1] }],
    [-2014, { attachFileIdList: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }],
    [-2035, { userId: 'a'.repeat(51) }],
    [-9995, { createUser: 'a' }],
  ])('refuses a template with %d: %j', async (code, more) => {
    expect(await codeOf(register(more))).toBe(code);
    expect(await dataOf(fixture.nhn('GET', '/templates'))).toEqual([]);
  });

  test('takes what lies on the limits; an id is taken until its template is deleted', async () => {
    const long = { templateName: 'a'.repeat(200), templateDesc: 'a'.repeat(4_000), title: '가'.repeat(500) };
    const templateId = '가'.repeat(50);
    expect(await codeOf(register({ templateId, ...long, userId: 'a'.repeat(50) }))).toBe(0);
    expect(await codeOf(register({ templateId }))).toBe(-2101);
    await fixture.nhn('DELETE', `/templates/${encodeURIComponent(templateId)}`);
    expect(await codeOf(register({ templateId }))).toBe(0);
    await fixture.nhn('DELETE', `/templates/${encodeURIComponent(templateId)}`);
    fixture.simulator.change({ nhn: { deletedTemplateId: 'taken' } });
    expect(await codeOf(register({ templateId }))).toBe(-2101);
  });

  test('the list is filtered and paged, or whole', async () => {
    const id = await category();
    for (const n of [1, 2, 3]) await register({ templateId: `T${n}`, categoryId: n === 3 ? id : rootId });
    const body = async (query: string) => (await fixture.nhn('GET', `/templates${query}`)).json['body'];
    expect(await body('?pageSize=1&pageNum=2')).toMatchObject({ totalCount: 3, data: [{ templateId: 'T2' }] });
    expect(await body(`?categoryId=${id}`)).toMatchObject({ data: [{ templateId: 'T3', categoryName: 'Delivery' }] });
    expect((await body('?pageSize=1&all=true'))?.['data']).toHaveLength(3);
    expect(await codeOf(fixture.nhn('GET', '/templates?all=1'))).toBe(-9993);
    expect(await codeOf(fixture.nhn('GET', '/templates?useYn=X'))).toBe(-2046);
  });

  test('a mail takes its texts and files from a template unless it has its own', async () => {
    const fileId = await uploadFor('/templates/attachfile/binaryUpload');
    const own = await uploadFor('/attachfile/binaryUpload');
    await register({ attachFileIdList: [fileId] });
    const receiverList = [{ receiveMailAddr: 'a@x.kr', templateParameter: { no: 1, name: 'Kim' } }];
    const send = (more: Record<string, unknown>) =>
      fixture.nhn('POST', '/sender/eachMail', { templateId: 'PARCEL_OUT', receiverList, ...more });
    expect(await codeOf(send({ attachFileIdList: [own] }))).toBe(0);
    expect(await codeOf(send({ title: 'Own', senderAddress: 'own@shop.example' }))).toBe(0);
    expect(await codeOf(send({ receiverList: [{ receiveMailAddr: 'a@x.kr' }] }))).toBe(-2109);
    const { json } = await fixture.call('GET', '/control/mails');
    expect(json['data']).toMatchObject([
      {
        sender: 'notice@shop.example',
        subject: 'Order 1 shipped',
        body: '<p>Kim, your parcel left.</p>',
        files: [{ fileId: String(own) }, { fileId: String(fileId) }],
      },
      { sender: 'own@shop.example', subject: 'Own', body: '<p>Kim, your parcel left.</p>' },
    ]);
    const rows = '/sender/mails?startSendDate=2026-11-20+00%3A00&endSendDate=2026-11-21+00%3A00&templateId=PARCEL_OUT';
    expect(await dataOf(fixture.nhn('GET', rows))).toMatchObject([
      { title: 'Own', templateName: 'Parcel left' },
      { title: 'Order 1 shipped', templateId: 'PARCEL_OUT' },
    ]);
  });

  test('a FREEMARKER template is filled as such, and a mail can say otherwise', async () => {
    await register({ title: '${no} ##no##', templateType: 'FREEMARKER', body: 'b' });
    const receiverList = [{ receiveMailAddr: 'a@x.kr', templateParameter: { no: 1 } }];
    const send = (more: object) =>
      fixture.nhn('POST', '/sender/eachMail', { templateId: 'PARCEL_OUT', receiverList, ...more });
    await send({});
    await send({ templateType: 'DEFAULT' });
    const { json } = await fixture.call('GET', '/control/mails');
    expect(json['data']).toMatchObject([{ subject: '1 ##no##' }, { subject: '${no} 1' }]);
  });

  test('templates that a mail cannot use', async () => {
    await register({
      attachFileIdList: [await uploadFor('/templates/attachfile/binaryUpload')],
      body: 'b',
      title: 't',
    });
    const ids = await Promise.all(Array.from({ length: 10 }, () => uploadFor('/attachfile/binaryUpload')));
    const auth = { templateId: 'PARCEL_OUT', receiver: { receiveMailAddr: 'a@x.kr' } };
    const each = (more: Record<string, unknown>) =>
      fixture.nhn('POST', '/sender/eachMail', nhnEachMail(['a@x.kr'], more));
    expect(await codeOf(fixture.nhn('POST', '/sender/auth-mail', auth))).toBe(-2111);
    expect(await codeOf(each({ templateId: 'PARCEL_OUT', attachFileIdList: ids }))).toBe(-2014);
    const ad = { templateId: 'PARCEL_OUT', receiverList: [{ receiveMailAddr: 'a@x.kr' }] };
    expect(await codeOf(fixture.nhn('POST', '/sender/ad-eachMail', ad))).toBe(-2023);
    fixture.simulator.change({ nhn: { templateSender: 'v1.6' } });
    expect(await codeOf(each({ templateId: 'PARCEL_OUT', senderAddress: undefined }))).toBe(-2002);
    const newer = `${NHN_BASE.replace('v1.5', 'v1.6')}/sender/eachMail`;
    expect(await codeOf(fixture.call('POST', newer, ad))).toBe(0);
    await fixture.nhn('PUT', '/templates/PARCEL_OUT', { useYn: 'N' });
    expect(await codeOf(each({ templateId: 'PARCEL_OUT' }))).toBe(-2115);
    await fixture.nhn('DELETE', '/templates/PARCEL_OUT');
    expect(await codeOf(each({ templateId: 'PARCEL_OUT' }))).toBe(-2107);
    const { json } = await fixture.call('GET', '/control/templates');
    expect(json['nhn']).toMatchObject([{ templates: [{ templateId: 'PARCEL_OUT', delYn: 'Y' }] }]);
  });
});
