import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  aSimulator,
  ncpMail,
  signedHeaders,
  text,
  type Fixture,
  type Json,
} from '../../../testing/simulator.fixture.js';

const TEMPLATE = {
  templateName: 'welcome_v1',
  title: 'Welcome ${name}',
  body: '<b>Hi ${name}</b>',
  senderAddress: 'no-reply@shop.example',
};

describe('NCP templates and categories', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const create = (more: Record<string, unknown> = {}) => fixture.ncp('POST', '/template', { ...TEMPLATE, ...more });
  const sidOf = async (answer: Promise<{ json: Json }>) => Number((await answer).json['sid']);
  const category = (categoryName: string, parentSid?: number) =>
    fixture.ncp('POST', '/category', { categoryName, ...(parentSid === undefined ? {} : { parentSid }) });
  const refused = (code = '77102') => ({ status: 400, json: { error: { code } } });
  const names = (nodes: Json | undefined) => (nodes as unknown as { name: string }[]).map(({ name }) => name);
  const rootNames = async () => names((await fixture.ncp('GET', '/template')).json['contents']);

  test('createTemplate answers 201 with the template, getTemplate 200 with the same', async () => {
    const created = await create({ description: 'd', senderName: 'Shop' });
    expect(created).toMatchObject({ status: 201 });
    expect(created.json).toEqual({
      sid: expect.any(Number),
      createDate: expect.objectContaining({ formattedDate: '2026-11-20' }),
      name: 'welcome_v1',
      description: 'd',
      title: TEMPLATE.title,
      senderAddress: TEMPLATE.senderAddress,
      senderName: 'Shop',
      body: TEMPLATE.body,
      isUse: true,
      category: null,
    });
    const got = await fixture.ncp('GET', `/template/${Number(created.json['sid'])}`);
    expect(got).toMatchObject({ status: 200, json: created.json });
  });

  test.each<[string, Record<string, unknown>]>([
    ['no name', { templateName: undefined }],
    ['a name of 101', { templateName: 'a'.repeat(101) }],
    ['a name with a space', { templateName: 'a b' }],
    ['a name with a slash', { templateName: 'a/b' }],
    ['a description of 301 bytes', { description: '가'.repeat(100) + 'a' }],
    ['no title', { title: '' }],
    ['a title of 501 bytes', { title: 'a'.repeat(501) }],
    ['no body', { body: undefined }],
    ['no sender', { senderAddress: undefined }],
    ['a malformed sender', { senderAddress: 'shop' }],
    ['a sender name of 70 bytes', { senderName: 'a'.repeat(70) }],
    ['isUse as text', { isUse: 'true' }],
    ['an unknown field', { name: 'a' }],
    ['a category that is no number', { categorySid: 'x' }],
  ])('refuses %s', async (_, more) => {
    expect(await create(more)).toMatchObject(refused());
    expect(await rootNames()).toEqual([]);
  });

  test('takes values exactly at the limits', async () => {
    const answer = await create({
      templateName: '가'.repeat(100),
      description: '가'.repeat(100),
      title: 'a'.repeat(500),
      senderName: '가'.repeat(23),
      categorySid: '-1',
      isUse: false,
    });
    expect(answer).toMatchObject({ status: 201, json: { isUse: false } });
  });

  test('names are unique in a category, deleted ones included; both are switches', async () => {
    const sid = await sidOf(create());
    expect(await create()).toMatchObject(refused());
    const categorySid = await sidOf(category('c'));
    expect((await create({ categorySid })).json).toMatchObject({
      category: { sid: categorySid, parentSid: -1, name: 'c' },
    });
    await fixture.ncp('DELETE', `/template/${sid}`);
    expect(await create()).toMatchObject(refused());
    fixture.simulator.change({ ncp: { duplicateNames: 'refuse-used', namesWithSpaces: true } });
    expect((await create()).status).toBe(201);
    expect((await create({ templateName: 'a b' })).status).toBe(201);
  });

  test('updateTemplate replaces, and empties or keeps what is left out', async () => {
    const path = `/template/${await sidOf(create({ description: 'd', senderName: 'Shop' }))}`;
    fixture.simulator.change({ ncp: { updateOmitted: 'keep' } });
    const kept = await fixture.ncp('PUT', path, { ...TEMPLATE, title: 'New' });
    expect(kept).toMatchObject({ status: 200, json: { title: 'New', description: 'd', senderName: 'Shop' } });
    fixture.simulator.change({ ncp: { updateOmitted: 'clear' } });
    const cleared = await fixture.ncp('PUT', path, { ...TEMPLATE, isUse: false });
    expect(cleared.json).toMatchObject({ description: null, senderName: null, isUse: false });
    expect(await fixture.ncp('PUT', path, { ...TEMPLATE, categorySid: -1 })).toMatchObject(refused());
    expect(await fixture.ncp('PUT', path, { title: 'New' })).toMatchObject(refused());
    expect(await fixture.ncp('PUT', '/template/1', TEMPLATE)).toMatchObject(refused('77103'));
  });

  test('deletion is soft and can be taken back', async () => {
    const path = `/template/${await sidOf(create())}`;
    expect(await fixture.ncp('DELETE', path)).toMatchObject({ status: 200, json: { isUse: false } });
    expect((await fixture.ncp('GET', path)).json).toMatchObject({ isUse: false });
    expect((await fixture.ncp('GET', '/template?isUse=true')).json).toEqual({ contents: [] });
    expect(names((await fixture.ncp('GET', '/template?isUse=false')).json['contents'])).toEqual(['welcome_v1']);
    expect(await fixture.ncp('PUT', `${path}/restoration`)).toMatchObject({ status: 200, json: { isUse: true } });
    expect(await fixture.ncp('PUT', '/template/7/restoration')).toMatchObject(refused('77103'));
    expect(await fixture.ncp('GET', '/template/x')).toMatchObject(refused());
    expect(await fixture.ncp('GET', '/template?isUse=yes')).toMatchObject(refused());
  });

  test('templates and categories are moved and renamed', async () => {
    const [a, b] = [await sidOf(category('a')), await sidOf(category('b'))];
    const inner = await sidOf(category('inner', a));
    const sid = await sidOf(create());
    const moved = await fixture.ncp('PUT', `/template/${sid}/name-location`, { templateName: 'w', parentSid: inner });
    expect(moved).toMatchObject({ status: 200, json: { name: 'w', category: { sid: inner } } });
    const place = (of: number, body: unknown) => fixture.ncp('PUT', `/category/${of}/name-location`, body);
    expect((await place(b, { lowerSid: a })).json).toEqual({ sid: b, parentSid: -1, name: 'b' });
    expect(await rootNames()).toEqual(['b', 'a']);
    expect(await place(a, { parentSid: inner })).toMatchObject(refused());
    expect(await place(a, { parentSid: 7 })).toMatchObject(refused('77103'));
    expect(await place(a, { categoryName: 'b' })).toMatchObject(refused());
    expect(await fixture.ncp('PUT', `/template/${sid}/name-location`, { parentSid: a })).toMatchObject(refused());
    const { json } = await fixture.ncp('GET', '/template');
    expect(json['contents']?.[1]).toMatchObject({
      name: 'a',
      isCategory: true,
      templates: [],
      subCategories: [{ name: 'inner', templates: [{ name: 'w', parentSid: inner, subCategories: null }] }],
    });
  });

  test('only an empty category is deleted', async () => {
    const outer = await sidOf(category('outer'));
    const inner = await sidOf(category('inner', outer));
    const sid = await sidOf(create({ categorySid: inner }));
    expect(await fixture.ncp('DELETE', `/category/${outer}`)).toMatchObject(refused());
    await fixture.ncp('DELETE', `/template/${sid}`);
    expect(await fixture.ncp('DELETE', `/category/${inner}`)).toMatchObject(refused());
    fixture.simulator.change({ ncp: { deletedTemplatesFillCategory: false } });
    const gone = await fixture.ncp('DELETE', `/category/${inner}`);
    expect(gone).toMatchObject({ status: 200, json: { sid: inner, parentSid: outer, name: 'inner' } });
    expect(await fixture.ncp('DELETE', `/category/${inner}`)).toMatchObject(refused('77103'));
    expect(await category('outer')).toMatchObject(refused());
    expect(await category('x', inner)).toMatchObject(refused('77103'));
    expect(await category('a'.repeat(101))).toMatchObject(refused());
  });

  test('a mail takes its texts from a template unless it has its own', async () => {
    const templateSid = await sidOf(create({ senderName: 'Shop' }));
    const recipients = [{ address: 'kim@x.kr', parameters: { name: 'Kim' } }];
    const plain = await fixture.ncp('POST', '/mails', { templateSid: String(templateSid), recipients });
    expect(plain.status).toBe(201);
    await fixture.ncp('POST', '/mails', ncpMail({ templateSid, title: 'Own', senderAddress: 'own@shop.example' }));
    const { json } = await fixture.call('GET', '/control/mails');
    expect(json['data']).toMatchObject([
      { subject: 'Welcome Kim', body: '<b>Hi Kim</b>', sender: TEMPLATE.senderAddress },
      { subject: 'Own', body: '<p>Order A-17</p>', sender: 'own@shop.example' },
    ]);
    const [request] = (await fixture.ncp('GET', `/mails/requests?templateSid=${templateSid}&size=1&page=1`)).json[
      'content'
    ] as unknown as Json[];
    expect(request).toMatchObject({ templateSid, templateName: 'welcome_v1', senderName: 'Shop' });
    const found = await fixture.ncp('GET', `/mails/requests/${text(plain.json['requestId'])}/mails`);
    expect(found.json['content']).toMatchObject([{ title: 'Welcome Kim', templateSid, templateName: 'welcome_v1' }]);
  });

  test('a template that is deleted, of another region, or not in use cannot be sent', async () => {
    const templateSid = await sidOf(create());
    await fixture.ncp('DELETE', `/template/${templateSid}`);
    const send = (sid: number) => fixture.ncp('POST', '/mails', ncpMail({ templateSid: sid }));
    expect(await send(templateSid)).toMatchObject(refused());
    fixture.simulator.change({ ncp: { unusedTemplateCode: '77103' } });
    expect(await send(templateSid)).toMatchObject(refused('77103'));
    expect(await send(7)).toMatchObject(refused('77103'));
    const url = `/api/v1-jpn/template/${templateSid}`;
    const headers = signedHeaders('GET', url, fixture.simulator.now());
    expect(await fixture.call('GET', url, undefined, headers)).toMatchObject(refused('77103'));
  });

  test('control shows both vendors', async () => {
    await create();
    const { json } = await fixture.call('GET', '/control/templates');
    expect(json['ncp']).toMatchObject([{ scope: '/api/v1', nodes: [{ name: 'welcome_v1', isUse: true }] }]);
  });
});
