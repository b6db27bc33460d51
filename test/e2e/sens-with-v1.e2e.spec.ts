import { afterEach, describe, expect, it } from '@jest/globals';
import { aMessage, aSender, eventually, unique, useOwnGateway, type PageView } from '@gateway/testing';
import { VendorConsole } from '../support/vendor-console.js';

interface Account {
  readonly name: string;
  readonly capabilities: { readonly services: object; readonly rules: object; readonly audience: { state: string } };
}

/** A migrated project: mail by v2, and v1 for what v2 does not have. */
describe('SENS beside v1 of the same project', () => {
  const env = { ACCOUNTS: 'ncp,sens', SENS_V1_BASE_URL: 'simulated' };
  const actors = useOwnGateway({ queue: 'postgres', env });
  afterEach(async () => void (await actors.simulator.endAllTrouble()));

  const vendor = () => new VendorConsole(actors.address.simulatorUrl);
  const toSens = (from: string) => aMessage().from(from).through('sens');
  const make = async <T extends { id: string }>(path: string, body: object): Promise<T> => {
    const answer = await actors.gateway.post<T>(path, body);
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    return answer.body;
  };
  const aTemplate = () =>
    make<{ id: string; name: string }>('/v1/templates', {
      name: unique('t-'),
      from: 'shop@example.com',
      subject: 'Order {{no}}',
      html: '<b>{{no}}</b>',
    });
  const push = (id: string, provider: string) =>
    actors.gateway.post<{ providerTemplateId: string; code?: string }>(`/v1/templates/${id}/push`, { provider });

  const send = async (message: object) => {
    const { status, body } = await actors.gateway.post<{ id: string }>('/v1/messages', message);
    expect([status, body]).toEqual([202, expect.anything()]);
    return actors.gateway.waitUntilFinal(body.id);
  };

  it('says which API each service goes through', async () => {
    const { data } = await actors.gateway.get<PageView<Account>>('/v1/providers');
    expect(data.find(({ name }) => name === 'sens')?.capabilities).toMatchObject({
      services: {
        mail: 'v2',
        attachments: null,
        templates: 'v1',
        lists: 'v1',
        optOuts: 'v1',
        statistics: 'v2',
        bounceBlock: 'v1',
      },
      audience: { state: 'available' },
      rules: { withoutAttachments: expect.stringContaining('no document says') },
    });
    const check = await actors.gateway.post('/v1/providers/sens/check', {});
    expect(JSON.stringify(check.body)).toContain('credentials for v1');
  });

  it('refuses attachments with the reason, as no document lets v2 send files of v1', async () => {
    const file = await actors.gateway.upload('a.pdf', Buffer.from('x'));
    const message = toSens(aSender())
      .to('kim@example.com')
      .with({ attachments: [file.id] })
      .build();
    const answer = await actors.gateway.post('/v1/messages', message);
    expect(answer).toMatchObject({ status: 422, body: { code: 'unsupported_by_provider' } });
    expect(answer.body).toMatchObject({
      errors: [{ pointer: '/attachments', detail: expect.stringContaining('no document says that its API v2') }],
    });
  });

  it('pushes templates by v1 and sends them by v2', async () => {
    const { gateway, simulator } = actors;
    const template = await aTemplate();
    const { status, body } = await push(template.id, 'sens');
    expect([status, body]).toEqual([200, expect.objectContaining({ provider: 'sens' })]);
    const from = aSender();
    const { id } = await send({
      provider: 'sens',
      from,
      template: { provider: 'sens', providerTemplateId: body.providerTemplateId },
      recipients: [{ address: 'kim@example.com', variables: { no: 'A-17' } }],
    });
    expect((await gateway.message(id)).routing.provider).toBe('sens');
    const [mail] = await simulator.mails(from);
    expect(mail).toMatchObject({ provider: 'sens', subject: 'Order A-17' });
    expect(mail?.body).toContain('<b>A-17</b>');
  });

  it('has one copy of a template that both accounts of the project push', async () => {
    const { id, name } = await aTemplate();
    const [byNcp, bySens] = [await push(id, 'ncp'), await push(id, 'sens')];
    expect(bySens.body.providerTemplateId).toBe(byNcp.body.providerTemplateId);
    const { ncp } = await vendor().kept();
    expect(ncp.filter((node) => node.name === name)).toHaveLength(1);
  });

  it('pushes groups by v1, sends to them by v2, and follows each recipient', async () => {
    const { gateway } = actors;
    const group = await make<{ id: string; name: string }>('/v1/groups', { name: unique('g-') });
    await gateway.post(`/v1/groups/${group.id}/members`, {
      addresses: ['kim@example.com', 'bounce+mailbox_full@example.com'],
    });
    const pushed = await gateway.post(`/v1/groups/${group.id}/push`, { provider: 'sens' });
    expect(pushed).toMatchObject({ status: 200, body: { complete: true, addressCount: 2 } });
    const audience = { provider: 'sens', groups: [group.name], match: 'any' };
    const { id } = await gateway.deliver(toSens(aSender()).with({ to: undefined, audience }));
    const recipients = await gateway.recipients(id);
    expect(Object.fromEntries(recipients.map(({ address, status }) => [address, status]))).toEqual({
      'kim@example.com': 'delivered',
      'bounce+mailbox_full@example.com': 'bounced',
    });
  });

  it('copies opt-outs in both directions, and v2 keeps them', async () => {
    const { gateway, simulator } = actors;
    const [here, there, late] = [unique('a-'), unique('b-'), unique('c-')].map((name) => `${name}x@example.com`) as [
      string,
      string,
      string,
    ];
    await gateway.post('/v1/suppressions', { addresses: [here], scope: 'marketing' });
    await simulator.changeBlockList('POST', { provider: 'ncp', addresses: [there] });
    const { body } = await gateway.post('/v1/suppressions/sync', { provider: 'sens' });
    expect(body).toMatchObject({ results: [{ provider: 'sens', status: 'completed', gateway: { added: 1 } }] });
    expect(await simulator.blockList('ncp', here)).toHaveLength(1);
    const again = await gateway.post('/v1/suppressions/sync', {});
    const nothing = { gateway: { added: 0, removed: 0 }, account: { added: 0, removed: 0, ignored: 0 } };
    expect(again.body).toMatchObject({
      results: [
        { provider: 'ncp', ...nothing },
        { provider: 'sens', ...nothing },
      ],
    });
    await simulator.changeBlockList('POST', { provider: 'ncp', addresses: [late] });
    const message = await gateway.deliver(toSens(aSender()).marketing().to(late, 'kim@example.com'));
    const statuses = (await gateway.recipients(message.id)).map(({ status }) => status);
    expect(statuses).toEqual(['unsubscribed', 'delivered']);
  });

  it('goes on sending when v1 has ended, and says so where v1 is needed', async () => {
    const { gateway, simulator } = actors;
    const template = await aTemplate();
    await simulator.trouble({ kind: 'retired', provider: 'ncp', times: -1 });
    const { status, body } = await push(template.id, 'sens');
    expect([status, body.code]).toEqual([422, 'provider_retired']);
    const message = await gateway.deliver(toSens(aSender()).to('kim@example.com'));
    expect(message.status).toBe('completed');
    await eventually(async () => {
      const check = await gateway.post('/v1/providers/sens/check', {});
      expect(JSON.stringify(check.body)).toContain('404');
    });
  });
});
