import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, ncpMail, signedHeaders, text, type Fixture } from '../../../testing/simulator.fixture.js';

describe('NCP files', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const upload = (...sizes: number[]) =>
    fixture.upload(
      '/files',
      sizes.map((size, i) => ({ name: 'fileList', fileName: `${i}.txt`, bytes: Buffer.alloc(size, 'a') })),
    );
  const idsOf = (answer: { json: Record<string, unknown> }) =>
    (answer.json['files'] as { fileId: string }[]).map(({ fileId }) => fileId);
  const send = (attachFileIds: unknown) => fixture.ncp('POST', '/mails', ncpMail({ attachFileIds }));
  const refused = (code: string) => ({ status: 400, json: { error: { code } } });

  test('takes several parts, gives them back by tempRequestId and deletes them', async () => {
    const created = await fixture.upload('/files', [
      { name: 'fileList', fileName: '약관 1.pdf', bytes: 'hello' },
      { name: 'fileList', fileName: 'b.bin', bytes: Buffer.from([0, 13, 10, 255]) },
    ]);
    const id = expect.stringMatching(/^[0-9a-f-]{36}-99$/) as unknown;
    expect(created).toMatchObject({
      status: 201,
      json: {
        tempRequestId: id,
        files: [
          { fileName: '약관 1.pdf', fileSize: 5, fileId: id },
          { fileName: 'b.bin', fileSize: 4, fileId: id },
        ],
      },
    });
    const path = `/files/${text(created.json['tempRequestId'])}`;
    expect(await fixture.ncp('GET', path)).toMatchObject({ status: 200, json: created.json });
    expect(await fixture.ncp('GET', `/files/${idsOf(created)[0] ?? ''}`)).toMatchObject(refused('77103'));
    expect(await fixture.ncp('DELETE', path)).toMatchObject({ status: 200, json: created.json });
    expect(await fixture.ncp('DELETE', path)).toMatchObject(refused('77103'));
    expect(await send(idsOf(created))).toMatchObject(refused('77103'));
  });

  test('ten megabytes a file, not a byte more', async () => {
    expect((await upload(10_000_000)).status).toBe(201);
    expect(await upload(1, 10_000_001)).toMatchObject(refused('77102'));
    fixture.simulator.change({ ncp: { fileOverLimit: 'gateway' } });
    expect(await upload(10_000_001)).toMatchObject({ status: 413, json: { error: { errorCode: '430' } } });
    expect(fixture.simulator.files.all()).toHaveLength(1);
  });

  test('twenty megabytes a mail, not a byte more', async () => {
    const ids = idsOf(await upload(10_000_000, 10_000_000, 1));
    expect((await send(ids.slice(0, 2))).status).toBe(201);
    expect(await send(ids)).toMatchObject(refused('77102'));
  });

  test('parts must be files under the right name, in multipart', async () => {
    const one = (part: { name: string; fileName?: string; bytes: string }) => fixture.upload('/files', [part]);
    expect(await fixture.upload('/files', [])).toMatchObject(refused('77102'));
    expect(await one({ name: 'file', fileName: 'a.txt', bytes: 'a' })).toMatchObject(refused('77102'));
    expect(await one({ name: 'fileList', bytes: 'a' })).toMatchObject(refused('77102'));
    expect(await fixture.ncp('POST', '/files', {})).toMatchObject({ status: 415, json: { error: { code: '77002' } } });
    const headers = { ...signedHeaders('POST', '/api/v1/files', fixture.simulator.now()) };
    const torn = { ...headers, 'content-type': 'multipart/form-data; boundary=x' };
    expect(await fixture.call('POST', '/api/v1/files', '--x\r\n', torn)).toMatchObject(refused('77102'));
    expect((await fixture.ncp('PUT', '/files')).status).toBe(405);
  });

  test('the switches: empty files, the code of a missing one, a lifetime', async () => {
    const empty = { name: 'fileList', fileName: 'a.txt', bytes: '' };
    expect((await fixture.upload('/files', [empty])).json).toMatchObject({ files: [{ fileSize: 0 }] });
    fixture.simulator.change({ ncp: { emptyFiles: 'reject', missingFileCode: '77102', fileLifetimeMs: 1_000 } });
    expect(await fixture.upload('/files', [empty])).toMatchObject(refused('77102'));
    const ids = idsOf(await upload(3));
    expect((await send(ids)).status).toBe(201);
    fixture.advance(1_000);
    expect(await send(ids)).toMatchObject(refused('77102'));
  });

  test('the mail and the record show what was attached', async () => {
    const [fileId = ''] = idsOf(await upload(3));
    const sent = await send([fileId]);
    const list = await fixture.ncp('GET', `/mails/requests/${text(sent.json['requestId'])}/mails`);
    const mail = await fixture.ncp('GET', `/mails/${text(list.json['content']?.[0]?.['mailId'])}`);
    expect(mail.json['attachFiles']).toEqual([{ fileName: '0.txt', fileSize: 3, fileId }]);
    const files = [{ fileId, fileName: '0.txt', fileSize: 3, sha256: expect.stringMatching(/^9834876d/) }];
    for (const path of ['/control/requests', '/control/mails']) {
      expect((await fixture.call('GET', path)).json['data']).toMatchObject([{ files }]);
    }
    expect(await send([7])).toMatchObject(refused('77102'));
  });

  test('regions do not share files', async () => {
    const attachFileIds = idsOf(await upload(3));
    const url = '/api/v1-sgn/mails';
    const headers = signedHeaders('POST', url, fixture.simulator.now());
    expect(await fixture.call('POST', url, ncpMail({ attachFileIds }), headers)).toMatchObject(refused('77103'));
  });

  test('files can be lost on demand, without losing what was sent', async () => {
    const [first = '', second = ''] = idsOf(await upload(1, 2));
    await send([first]);
    const forget = await fixture.call('POST', '/control/files/forget', { provider: 'ncp', fileIds: [first] });
    expect(forget.json).toEqual({ forgotten: 1 });
    expect(await send([first])).toMatchObject(refused('77103'));
    expect((await send([second])).status).toBe(201);
    const { json } = await fixture.call('GET', '/control/files?provider=ncp');
    expect(json['data']).toMatchObject([
      { fileId: first, expired: true },
      { fileId: second, expired: false },
    ]);
    expect((await fixture.call('POST', '/control/files/forget', { how: 'lose' })).json).toEqual({ forgotten: 2 });
    expect((await fixture.call('POST', '/control/files/forget', { why: 1 })).status).toBe(422);
  });
});
