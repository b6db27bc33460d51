import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  onEachQueue,
  onOneQueue,
  unique,
  useSharedGateway,
  type GatewayClient,
  type MessageBuilder,
  type MessageView,
} from '@gateway/testing';

interface GroupView {
  readonly id: string;
  readonly name: string;
}

type Person = Readonly<Record<string, unknown>> & { readonly groups: readonly string[] };

onEachQueue('messages to an audience', (queue) => {
  const actors = useSharedGateway(queue);
  const client = unique('audience-');
  let gateway: GatewayClient;

  beforeAll(async () => {
    const key = { client, name: 'test', scopes: ['audience', 'messages:write', 'messages:read'] };
    gateway = actors.gateway.as((await actors.gateway.post<{ key: string }>('/v1/api-keys', key)).body.key);
  });

  /** Imports people, and creates their groups. Addresses are `<word><n>@example.com`. */
  const people = async (word: string, ...list: readonly Person[]): Promise<void> => {
    const rows = list.map((person, n) => ({ addresses: [`${word}${n}@example.com`], ...person }));
    const body = rows.map((row) => JSON.stringify(row)).join('\n');
    const headers = { 'content-type': 'application/x-ndjson' };
    const answer = await gateway.call('POST', '/v1/contacts/import', { body, headers });
    expect(answer.body).toMatchObject({ imported: list.length, rejected: 0 });
  };
  const groupNamed = async (name: string): Promise<GroupView> => {
    const group = (await gateway.all<GroupView>('/v1/groups')).find((each) => each.name === name);
    if (group === undefined) throw new Error(`no group ${name}`);
    return group;
  };
  const toAudience = (audience: unknown): MessageBuilder => aMessage().with({ to: undefined, audience });
  const addressesOf = async ({ id }: MessageView): Promise<string[]> =>
    (await gateway.recipients(id)).map(({ address }) => address).sort();

  describe.each(['ncp', 'nhn'])('through %s', (provider) => {
    it('reaches every contact that matches the expression once, with its own values', async () => {
      const word = unique('p-');
      const [a, b, c] = ['a', 'b', 'c'].map((letter) => `${word}${letter}`) as [string, string, string];
      await people(
        word,
        { groups: [a, b], name: 'Kim', attributes: { points: 7 } },
        {
          groups: [a],
          name: 'Lee',
          attributes: { points: 8 },
          addresses: [`${word}1@example.com`, `${word}1b@example.com`],
        },
        { groups: [a, c], name: 'Choi' },
        { groups: [c], name: 'Park', attributes: { gold: true } },
      );
      const from = aSender();
      const audience = { any: [{ all: [a, { not: c }] }, b] };
      const message = toAudience(audience)
        .from(from)
        .through(provider)
        .saying('{{name}} {{points}}', '<p>{{gold}}</p>');
      const sent = await gateway.deliver(message.with({ variables: { points: 1, gold: 'no' } }));
      expect(sent).toMatchObject({ status: 'completed', recipientCount: 3, audience, warnings: [] });
      expect(await addressesOf(sent)).toEqual([
        `${word}0@example.com`,
        `${word}1@example.com`,
        `${word}1b@example.com`,
      ]);
      const mails = await actors.simulator.mails(from);
      expect(mails.map(({ subject }) => subject).sort()).toEqual(['Kim 7', 'Lee 8', 'Lee 8']);
      const expanded = (await gateway.events(sent.id)).find(({ type }) => type === 'message.expanded');
      expect(expanded?.data).toEqual({ recipientCount: 3, batchCount: 1, rejected: 0 });
    });
  });

  onOneQueue(queue, () => {
    it('cuts an audience by the limit of its account', async () => {
      const word = unique('many-');
      await people(word, ...Array.from({ length: 1500 }, () => ({ groups: [word] })));
      const from = aSender();
      const sent = await gateway.deliver(toAudience(word).from(from).through('nhn'));
      expect(sent).toMatchObject({ status: 'completed', recipientCount: 1500, batchCount: 2 });
      expect(
        (await gateway.batches(sent.id)).map(({ positionFrom, positionTo }) => [positionFrom, positionTo]),
      ).toEqual([
        [0, 999],
        [1000, 1499],
      ]);
      expect((await actors.simulator.summary(from)).repeatedAddresses.count).toBe(0);
    });

    it('reports contacts that lack a value, and suppressed ones', async () => {
      const word = unique('lack-');
      await people(word, { groups: [word], name: 'Kim' }, { groups: [word] }, { groups: [word], name: 'Lee' });
      const added = await actors.gateway.post('/v1/suppressions', {
        addresses: [`${word}2@example.com`],
        scope: 'all',
      });
      expect(added.status).toBe(201);
      const sent = await gateway.deliver(toAudience(word).saying('{{name}}', '<p>x</p>'));
      expect(sent).toMatchObject({ status: 'partially_failed', recipientCount: 3, suppressedCount: 1 });
      const states = (await gateway.recipients(sent.id)).map(({ address, status, reason }) => [
        address,
        status,
        reason,
      ]);
      expect(states.sort()).toEqual([
        [`${word}0@example.com`, 'delivered', null],
        [`${word}1@example.com`, 'rejected', 'template_error'],
        [`${word}2@example.com`, 'suppressed', 'recipient_opted_out'],
      ]);
      const rejected = (await gateway.events(sent.id)).filter(({ type }) => type === 'recipient.rejected');
      expect(rejected.map(({ address }) => address)).toEqual([`${word}1@example.com`]);
    });

    it('rejects those whose values leave the subject or the body empty', async () => {
      const word = unique('empty-');
      const attributes = [{ n: '봄' }, { n: ' \u3000' }, {}];
      await people(word, ...attributes.map((each) => ({ groups: [word], attributes: each })));
      const message = toAudience(word)
        .saying('{{n}}', '{{n}}')
        .with({ variables: { n: '' } });
      const sent = await gateway.deliver(message);
      const states = (await gateway.recipients(sent.id)).map(({ address, status, reason }) => [
        address,
        status,
        reason,
      ]);
      expect(states.sort()).toEqual([
        [`${word}0@example.com`, 'delivered', null],
        [`${word}1@example.com`, 'rejected', 'template_error'],
        [`${word}2@example.com`, 'rejected', 'template_error'],
      ]);
    });
  });

  it('finds the recipients when the message is due, not when it is accepted', async () => {
    const word = unique('late-');
    await people(word, { groups: [word] });
    const accepted = await gateway.send(toAudience(word).dueIn(3000));
    expect(accepted).toMatchObject({ status: 'scheduled', recipientCount: 0, batchCount: 0, audience: word });
    const group = await groupNamed(word);
    await gateway.post(`/v1/groups/${group.id}/members`, { addresses: [`${word}new@example.com`] });
    await gateway.call('PATCH', `/v1/groups/${group.id}`, { body: { name: `${word}renamed` } });
    expect((await gateway.message(accepted.id)).status).toBe('scheduled');
    const sent = await gateway.waitUntilFinal(accepted.id);
    expect(sent.status).toBe('completed');
    expect(await addressesOf(sent)).toEqual([`${word}0@example.com`, `${word}new@example.com`]);
  });

  onOneQueue(queue, () => {
    it('ends with a warning when the group was emptied meanwhile, and fails when it was deleted', async () => {
      const word = unique('gone-');
      await people(word, { groups: [`${word}1`, `${word}2`] });
      const emptied = await gateway.send(toAudience(`${word}1`).dueIn(2000));
      const deleted = await gateway.send(toAudience({ not: `${word}2` }).dueIn(2000));
      await gateway.post(`/v1/groups/${(await groupNamed(`${word}1`)).id}/empty`);
      await gateway.call('DELETE', `/v1/groups/${(await groupNamed(`${word}2`)).id}`);
      expect(await gateway.waitUntilFinal(emptied.id)).toMatchObject({
        status: 'completed',
        recipientCount: 0,
        warnings: [expect.stringContaining('no recipient')],
      });
      expect(await gateway.waitUntilFinal(deleted.id)).toMatchObject({
        status: 'failed',
        recipientCount: 0,
        warnings: [expect.stringContaining(`${word}2`)],
      });
      const types = (await gateway.events(deleted.id)).map(({ type }) => type);
      expect(types).toEqual(['message.scheduled', 'message.completed']);
    });
  });

  it('can be cancelled while it has no recipients', async () => {
    const word = unique('cancel-');
    await people(word, { groups: [word] });
    const { id } = await gateway.send(toAudience(word).dueIn(1500));
    expect((await gateway.post(`/v1/messages/${id}/cancel`)).body).toEqual({ cancelled: 0, tooLate: 0 });
    expect((await gateway.post(`/v1/messages/${id}/cancel`)).status).toBe(409);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await gateway.message(id)).toMatchObject({ status: 'cancelled', recipientCount: 0 });
  });

  onOneQueue(queue, () => {
    it.each(['/v1/messages/preview', '/v1/messages'])('is counted and shown by POST %s', async (path) => {
      const word = unique('show-');
      await people(word, { groups: [word], name: 'Kim' }, { groups: [word] });
      const message = toAudience(word).through('ncp').saying('Hi {{name}}', '<p>x</p>').with({ dryRun: true });
      const { status, body } = await gateway.post(path, message.build());
      expect([status, body]).toEqual([
        200,
        expect.objectContaining({
          recipientCount: 2,
          rejectedCount: 1,
          quotaCost: 1,
          batchCount: 1,
          rendered: { address: `${word}0@example.com`, subject: 'Hi Kim', html: '<p>x</p>' },
        }),
      ]);
    });

    it('counts its recipients against the rate of its key once they are found', async () => {
      const word = unique('rate-');
      await people(word, ...Array.from({ length: 60 }, () => ({ groups: [word] })));
      const wish = {
        client,
        name: 'slow',
        scopes: ['messages:write', 'messages:read'],
        rateLimit: { recipientsPerSecond: 5 },
      };
      const aSlowKey = async () =>
        actors.gateway.as((await actors.gateway.post<{ key: string }>('/v1/api-keys', wish)).body.key);
      const batched = await aSlowKey();
      const messages = Array.from({ length: 50 }, () => toAudience(word).dueIn(3_600_000).build());
      expect((await batched.post('/v1/messages/batch', { messages })).status).toBe(200);
      expect((await batched.post('/v1/messages', aMessage().build())).status).toBe(429);
      const slow = await aSlowKey();
      const { id } = await slow.send(toAudience(word));
      expect((await gateway.waitUntilFinal(id)).recipientCount).toBe(60);
      const next = await slow.post('/v1/messages', aMessage().build());
      expect([next.status, next.body.detail]).toEqual([429, expect.stringContaining('5 recipients per second')]);
    });

    it('refuses by pointer what is no audience', async () => {
      const word = unique('bad-');
      await people(word, { groups: [word] });
      const deep = Array.from({ length: 9 }).reduce<unknown>((inner) => ({ not: inner }), word);
      const refused: [unknown, string, string, object?][] = [
        ['nobody-knows-it', '/audience', 'unknown_reference'],
        [{ any: [word, { all: ['nobody-knows-it'] }] }, '/audience/any/1/all/0', 'unknown_reference'],
        [{ any: [] }, '/audience/any', 'too_few'],
        [{ any: word }, '/audience/any', 'invalid_type'],
        [{ any: [word], not: word }, '/audience/not', 'not_allowed'],
        [{}, '/audience', 'required'],
        [7, '/audience', 'invalid_type'],
        [{ any: Array.from({ length: 101 }, () => word) }, '/audience/any', 'too_many'],
        [deep, `/audience${'/not'.repeat(8)}`, 'too_many'],
        [word, '/to', 'not_allowed', { to: 'kim@example.com' }],
        [word, '/delivery', 'not_allowed', { delivery: 'shared' }],
        [word, '/audience', 'not_allowed', { category: 'authentication' }],
      ];
      for (const [audience, pointer, code, more] of refused) {
        const { status, body } = await gateway.post(
          '/v1/messages',
          toAudience(audience)
            .with({ ...more })
            .build(),
        );
        expect([status, body.errors]).toEqual([422, [expect.objectContaining({ pointer, code })]]);
      }
    });
  });
});
