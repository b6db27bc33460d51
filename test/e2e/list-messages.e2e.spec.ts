import { beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, aSender, unique, useOwnGateway, type GatewayClient, type MessageBuilder } from '@gateway/testing';

const ACTIVE = { nhn: { tags: 'active' } };

describe("messages to lists of the providers' own", () => {
  const actors = useOwnGateway();
  let gateway = {} as GatewayClient;
  beforeAll(async () => {
    ({ gateway } = actors);
    await actors.simulator.change(ACTIVE);
  });

  /** A group with these addresses, pushed. @returns its name. */
  const pushed = async (provider: string, ...addresses: string[]): Promise<string> => {
    const name = unique('g-');
    const { id } = (await gateway.post<{ id: string }>('/v1/groups', { name })).body;
    if (addresses.length > 0) await gateway.post(`/v1/groups/${id}/members`, { addresses });
    expect((await gateway.post(`/v1/groups/${id}/push`, { provider })).status).toBe(200);
    return name;
  };
  const toLists = (provider: string, groups: readonly string[], match = 'any'): MessageBuilder =>
    aMessage().with({ to: undefined, audience: { provider, groups, match } });
  const refused = async (message: MessageBuilder) => {
    const { status, body } = await gateway.post('/v1/messages', message.build());
    return [status, body.code, body.errors?.map(({ pointer, code }) => [pointer, code])];
  };

  describe.each(['ncp', 'nhn'] as const)('at %s', (provider) => {
    const operation = provider === 'ncp' ? 'createMailRequest' : 'sender/tagMail';

    it('reaches the members of any list, or of all, and follows each recipient', async () => {
      const [kim, lee, bounce] = [
        `${unique('k-')}@example.com`,
        `${unique('l-')}@example.com`,
        `bounce+unknown_user@${unique('d')}.example.com`,
      ] as [string, string, string];
      const [a, b] = [await pushed(provider, kim, lee), await pushed(provider, lee, bounce)];
      const from = aSender();
      const any = toLists(provider, [a, b]).from(from).saying('Hi {{what}}', '<p>{{what}}</p>');
      const sent = await gateway.deliver(any.with({ variables: { what: 'all of you' } }));
      expect(sent).toMatchObject({
        status: 'partially_failed',
        audience: { provider, groups: [a, b], match: 'any' },
        recipientCount: 3,
        batchCount: 1,
        warnings: [],
        routing: { provider },
      });
      const states = (await gateway.recipients(sent.id)).map(({ address, status }) => [address, status]);
      const settled = expect.stringMatching(/^(sent|delivered)$/);
      const failed = expect.stringMatching(/^(failed|bounced)$/);
      expect(states.toSorted()).toEqual([
        [bounce, failed],
        [kim, settled],
        [lee, settled],
      ]);
      expect((await actors.simulator.requests(from)).map((request) => request.operation)).toEqual([operation]);
      expect((await actors.simulator.mails(from))[0]).toMatchObject({ subject: 'Hi all of you' });
      const types = (await gateway.events(sent.id)).map(({ type }) => type);
      expect(types).toEqual(expect.arrayContaining(['batch.accepted', 'message.expanded', 'message.completed']));

      const all = await gateway.deliver(toLists(provider, [a, b], 'all'));
      expect((await gateway.recipients(all.id)).map(({ address }) => address)).toEqual([lee]);
    });

    it.each(['accept_then_drop', 'accept_then_500'])(
      'looks up what was not answered (%s), and sends once',
      async (kind) => {
        const name = await pushed(provider, 'kim@example.com', 'lee@example.com');
        const sender = aSender();
        await actors.simulator.trouble({ kind, provider, operation: 'send', times: 1, sender });
        const sent = await gateway.deliver(toLists(provider, [name]).from(sender));
        expect(sent).toMatchObject({ status: 'completed', recipientCount: 2 });
        expect(await actors.simulator.requests(sender)).toHaveLength(1);
        const types = (await gateway.events(sent.id)).map(({ type }) => type);
        expect(types).toEqual(expect.arrayContaining(['batch.unconfirmed', 'batch.adopted']));
      },
    );

    it('sends again what never arrived, once it is surely absent', async () => {
      const name = await pushed(provider, 'kim@example.com');
      const sender = aSender();
      await actors.simulator.trouble({ kind: 'drop', provider, operation: 'send', times: 1, sender });
      const sent = await gateway.deliver(toLists(provider, [name]).from(sender));
      expect(sent).toMatchObject({ status: 'completed', recipientCount: 1 });
      expect(await actors.simulator.requests(sender)).toHaveLength(1);
      expect((await gateway.events(sent.id)).map(({ type }) => type)).toContain('batch.resent');
    });

    it('ends with a clear reason when the list is empty', async () => {
      await actors.simulator.change({ ncp: { emptyGroups: 'accept' } });
      const sent = await gateway.deliver(toLists(provider, [await pushed(provider)]));
      expect(sent).toMatchObject({
        status: 'completed',
        recipientCount: 0,
        warnings: [expect.stringContaining('no recipient')],
      });
    });

    it('waits for its time, can be cancelled till then, and fails when its group is deleted', async () => {
      const name = await pushed(provider, 'kim@example.com');
      const cancelled = await gateway.send(toLists(provider, [name]).dueIn(60_000));
      expect(cancelled).toMatchObject({ status: 'scheduled', recipientCount: 0 });
      expect((await gateway.post(`/v1/messages/${cancelled.id}/cancel`)).status).toBe(200);
      expect((await gateway.message(cancelled.id)).status).toBe('cancelled');
      const later = await gateway.send(toLists(provider, [name]).dueIn(1500));
      const groups = await gateway.all<{ id: string; name: string }>('/v1/groups');
      const id = groups.find((group) => group.name === name)?.id ?? '';
      await gateway.call('DELETE', `/v1/groups/${id}`);
      expect(await gateway.waitUntilFinal(later.id)).toMatchObject({ status: 'failed', recipientCount: 0 });
    });

    it('refuses by pointer what no list can have', async () => {
      const name = await pushed(provider, 'kim@example.com');
      const other = provider === 'ncp' ? 'nhn' : 'ncp';
      const to = (audience: object) => aMessage().with({ to: undefined, audience });
      expect(await refused(toLists(provider, [name, 'nobody-knows-it']))).toEqual([
        422,
        'validation_failed',
        [['/audience/groups/1', 'unknown_reference']],
      ]);
      expect(await refused(toLists('acme', [name]))).toEqual([
        422,
        'validation_failed',
        [['/audience/provider', 'unknown_reference']],
      ]);
      const faults: [MessageBuilder, string, string][] = [
        [toLists(provider, []), '/audience/groups', 'too_few'],
        [toLists(provider, ['a', 'b', 'c', 'd', 'e', 'f']), '/audience/groups', 'too_many'],
        [toLists(provider, [name, name]), '/audience/groups/1', 'not_allowed'],
        [toLists(provider, [name], 'some'), '/audience/match', 'invalid_type'],
        [to({ provider, groups: [name], not: name }), '/audience/not', 'unknown_field'],
        [to({ groups: [name] }), '/audience/provider', 'required'],
        [toLists(provider, [name]).through(other), '/provider', 'not_allowed'],
        [toLists(provider, [name]).saying('{{name}}', '<p>x</p>'), '/variables/name', 'missing_variable'],
        [toLists(provider, [name]).shared(), '/delivery', 'not_allowed'],
        [toLists(provider, [name]).with({ to: 'kim@example.com' }), '/to', 'not_allowed'],
      ];
      for (const [message, pointer, code] of faults) {
        expect(await refused(message)).toEqual([422, 'validation_failed', [[pointer, code]]]);
      }
    });

    it('shows what would be posted', async () => {
      const name = await pushed(provider, 'kim@example.com');
      const { status, body } = await gateway.post<{ requests: unknown }>(
        '/v1/messages/preview',
        toLists(provider, [name]).build(),
      );
      expect(status).toBe(200);
      expect(JSON.stringify(body.requests)).toContain(name);
      expect(body).toMatchObject({ provider, recipientCount: 0, batchCount: 1 });
    });
  });

  it('excludes the other accounts, with the reason', async () => {
    const sent = await gateway.deliver(toLists('ncp', [await pushed('ncp', 'kim@example.com')]));
    expect((sent.routing as { candidates: unknown }).candidates).toEqual([
      { provider: 'ncp', able: true, reasons: [] },
      { provider: 'nhn', able: false, reasons: ['the audience is a list of ncp'] },
    ]);
  });

  it('refuses at nhn what only a parameter could keep as it was typed', async () => {
    const name = await pushed('nhn', 'kim@example.com');
    expect(await refused(toLists('nhn', [name]).saying('Hi', '<p>##name##</p>'))).toEqual([
      422,
      'unsupported_by_provider',
      [['/html', 'not_allowed']],
    ]);
    expect(
      (await gateway.deliver(toLists('ncp', [await pushed('ncp', 'kim@example.com')]).saying('Hi', '${x}'))).status,
    ).toBe('completed');
  });

  it('reports that nhn has ended its lists, before and after it was accepted', async () => {
    const name = await pushed('nhn', 'kim@example.com');
    const accepted = await gateway.send(toLists('nhn', [name]).dueIn(1500));
    const state = async () => {
      const { data } = await gateway.get<{ data: { name: string; capabilities: { audience: object } }[] }>(
        '/v1/providers',
      );
      return data.find((each) => each.name === 'nhn')?.capabilities.audience;
    };
    expect(await state()).toMatchObject({ state: 'available', endOfSupport: '2026-03-24', groupsPerMessage: 4 });
    await actors.simulator.change({ nhn: { tags: 'retired' } });
    expect(await gateway.waitUntilFinal(accepted.id)).toMatchObject({ status: 'failed', recipientCount: 0 });
    const [batch] = await gateway.batches(accepted.id);
    expect(batch?.attempts.at(-1)).toMatchObject({ outcome: 'refused', providerCode: '-9998' });
    expect(await state()).toMatchObject({ state: 'retired', checkedAt: expect.any(String) });
    const { status, body } = await gateway.post('/v1/messages', toLists('nhn', [name]).build());
    expect([status, body.code, body.detail]).toEqual([422, 'provider_retired', expect.stringContaining('audience')]);
  });
});
