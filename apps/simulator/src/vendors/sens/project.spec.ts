import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aSimulator, sensMail, type Fixture } from '../../testing/simulator.fixture.js';

/** sens.md §0 and §2.2: a migrated project has v1 and v2 over one state; one that was made since has v2 only. */
describe('a project with both APIs', () => {
  let fixture: Fixture;
  beforeEach(async () => void (fixture = await aSimulator()));
  afterEach(() => fixture.close());

  const send = (more: Record<string, unknown>) => fixture.sens('POST', '/requests', sensMail(more));
  const asNew = () => fixture.simulator.change({ sens: { project: 'new' } });

  test("takes the number of v1's template, unless it was deleted", async () => {
    const template = { templateName: 'welcome', title: 'Hi', body: '<p>Hi</p>', senderAddress: 'a@mail.example.kr' };
    const { sid: templateNo } = (await fixture.ncp('POST', '/template', template)).json as unknown as { sid: number };
    const mail = { templateNo, title: undefined, body: undefined };
    expect((await send(mail)).status).toBe(202);
    await fixture.ncp('DELETE', `/template/${templateNo}`);
    expect((await send(mail)).status).toBe(400);
    await fixture.ncp('PUT', `/template/${templateNo}/restoration`);
    asNew();
    expect((await send(mail)).status).toBe(400);
  });

  test("sends to groups of v1's address book", async () => {
    fixture.simulator.change({ ncp: { addressBookDelayMs: 0 } });
    await fixture.ncp('POST', '/address-book', { groups: [{ groupName: 'vip', emailAddresses: ['a@x.kr'] }] });
    const mail = { recipients: undefined, recipientGroupFilter: { groups: ['vip'] } };
    expect((await send(mail)).status).toBe(202);
    asNew();
    expect((await send(mail)).status).toBe(400);
  });

  test("keeps advertisements from v1's unsubscribers", async () => {
    await fixture.ncp('POST', '/unsubscribers', { blockedReceivers: ['a@x.kr'] });
    const mail = { advertising: true, recipients: [{ address: 'a@x.kr' }] };
    const planned = () => fixture.simulator.requests.all().at(-1)?.recipients;
    await send(mail);
    const kept = JSON.stringify(planned());
    asNew();
    await send(mail);
    expect(JSON.stringify(planned())).not.toBe(kept);
  });

  test('knows files of v1 or not, as no document says which', async () => {
    const { json } = await fixture.upload('/files', [{ name: 'fileList', fileName: 'a.txt', bytes: 'hello' }]);
    const [file] = (json as unknown as { files: readonly { fileId: string }[] }).files;
    const mail = { attachFileIds: [file?.fileId] };
    expect((await send(mail)).status).toBe(202);
    fixture.simulator.change({ sens: { v1Files: 'unknown' } });
    expect((await send(mail)).status).toBe(400);
  });
});
