import { expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  onEachQueue,
  onOneQueue,
  unique,
  useSharedGateway,
  type MessageView,
} from '@gateway/testing';

onEachQueue('Idempotency-Key', (queue) => {
  const actors = useSharedGateway(queue);

  it('gives the first answer again and sends once', async () => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const headers = { 'idempotency-key': unique('key-') };
    const body = aMessage().from(from).build();
    const first = await gateway.post<MessageView>('/v1/messages', body, headers);
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([202, null]);
    await gateway.waitUntilFinal(first.body.id);
    const second = await gateway.post<MessageView>('/v1/messages', body, headers);
    expect(second.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect((await simulator.summary(from)).recipients).toBe(1);
  });

  onOneQueue(queue, () => {
    it('refuses the same key for another body', async () => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const headers = { 'idempotency-key': unique('key-') };
      const { id } = await gateway.send(aMessage().from(from), headers);
      const other = await gateway.post('/v1/messages', aMessage().from(from).saying('Other', 'x').build(), headers);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
      await gateway.waitUntilFinal(id);
      expect((await simulator.summary(from)).recipients).toBe(1);
    });
  });

  it.each([1, 500])('makes one message to %i of many requests at once', async (recipients) => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const headers = { 'idempotency-key': unique('key-') };
    const body = aMessage().from(from).toMany(recipients).build();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => gateway.post<MessageView>('/v1/messages', body, headers)),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    expect(new Set(accepted.map((answer) => answer.body.id)).size).toBe(1);
    expect(accepted.filter((answer) => !answer.headers.has('idempotent-replayed')).length).toBe(1);
    for (const { status, headers: told, body: problem } of answers.filter((answer) => answer.status !== 202)) {
      expect([status, (problem as unknown as { code: string }).code]).toEqual([409, 'idempotency_in_flight']);
      expect(Number(told.get('retry-after'))).toBeGreaterThan(0);
    }
    await gateway.waitUntilFinal(accepted[0]?.body.id ?? '');
    expect(await simulator.summary(from)).toMatchObject({ recipients, repeatedAddresses: { count: 0 } });
  });

  onOneQueue(queue, () => {
    it('answers again what was said of suppressed recipients', async () => {
      const { gateway } = actors;
      const address = `${unique('s-')}x@example.com`;
      await gateway.post('/v1/suppressions', { addresses: [address], scope: 'all', reason: 'asked' });
      const headers = { 'idempotency-key': unique('key-') };
      const body = aMessage().to(address, 'other@example.com').build();
      const [first, second] = [
        await gateway.post<MessageView>('/v1/messages', body, headers),
        await gateway.post<MessageView>('/v1/messages', body, headers),
      ];
      expect(first.body).toMatchObject({ suppressedCount: 1, recipientCount: 2 });
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('idempotent-replayed')).toBe('true');
    });

    it('answers again after the file of the message was deleted', async () => {
      const { gateway } = actors;
      const file = await gateway.upload(`${unique('file-')}.txt`, 'x', 'text/plain');
      const headers = { 'idempotency-key': unique('key-') };
      const body = aMessage().withFiles(file).build();
      const first = await gateway.post<MessageView>('/v1/messages', body, headers);
      await gateway.waitUntilFinal(first.body.id);
      expect((await gateway.call('DELETE', `/v1/attachments/${file.id}`)).status).toBe(204);
      const second = await gateway.post<MessageView>('/v1/messages', body, headers);
      expect([second.status, second.body]).toEqual([202, first.body]);
      expect((await gateway.post('/v1/messages', body, { 'idempotency-key': unique('key-') })).status).toBe(422);
    });
  });

  it('answers a repeated cancellation as the first one', async () => {
    const { gateway } = actors;
    const { id } = await gateway.send(aMessage().dueIn(3_600_000));
    const headers = { 'idempotency-key': unique('key-') };
    const first = await gateway.post(`/v1/messages/${id}/cancel`, undefined, headers);
    const second = await gateway.post(`/v1/messages/${id}/cancel`, undefined, headers);
    expect([first.status, second.status, second.body]).toEqual([200, 200, first.body]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    const without = await gateway.post(`/v1/messages/${id}/cancel`);
    expect([without.status, without.body.code]).toEqual([409, 'nothing_to_cancel']);
  });

  onOneQueue(queue, () => {
    it('does not remember a cancellation that was refused', async () => {
      const { gateway } = actors;
      const headers = { 'idempotency-key': unique('key-') };
      const unknown = await gateway.post('/v1/messages/msg_unknown/cancel', undefined, headers);
      expect(unknown.status).toBe(404);
      const { id } = await gateway.send(aMessage().dueIn(3_600_000));
      expect((await gateway.post(`/v1/messages/${id}/cancel`, undefined, headers)).status).toBe(200);
    });

    it('is taken by every POST', async () => {
      const { gateway } = actors;
      interface Operation {
        readonly parameters?: readonly { readonly name: string; readonly in: string }[];
      }
      const { paths } = await gateway.get<{ paths: Record<string, { post?: Operation }> }>('/openapi.json');
      const without = Object.entries(paths).filter(
        ([, { post }]) => post !== undefined && !post.parameters?.some(({ name }) => name === 'Idempotency-Key'),
      );
      expect(without.map(([path]) => path)).toEqual([]);
    });
  });

  it.each([
    ['/v1/messages/preview', aMessage().build()],
    ['/v1/templates/export', {}],
    ['/v1/providers/ncp/resume', {}],
    ['/v1/suppressions/sync', {}],
  ])('is refused at %s where it is no key', async (path, given) => {
    const { status, body } = await actors.gateway.post(path, given, { 'idempotency-key': 'ä'.repeat(2) });
    expect([status, body.code]).toEqual([400, 'idempotency_key_invalid']);
  });

  onOneQueue(queue, () => {
    it('forgets a request that was refused', async () => {
      const { gateway } = actors;
      const headers = { 'idempotency-key': unique('key-') };
      const refused = await gateway.post('/v1/messages', aMessage().with({ subject: 7 }).build(), headers);
      expect(refused.status).toBe(422);
      await gateway.send(aMessage(), headers);
    });

    it('belongs to the client: another client may use the same key', async () => {
      const { gateway } = actors;
      const made = await gateway.post<{ key: string }>('/v1/api-keys', {
        client: unique('client-'),
        name: 'other',
        scopes: ['messages:write'],
      });
      const headers = { 'idempotency-key': unique('key-') };
      const body = aMessage().build();
      const mine = await gateway.post<MessageView>('/v1/messages', body, headers);
      const theirs = await gateway.as(made.body.key).post<MessageView>('/v1/messages', body, headers);
      expect([mine.status, theirs.status]).toEqual([202, 202]);
      expect(theirs.body.id).not.toBe(mine.body.id);
    });
  });

  it.each([
    ['a space', 'a b'],
    ['256 characters', 'k'.repeat(256)],
  ])('refuses a key with %s', async (_, key) => {
    const { gateway } = actors;
    const refused = await gateway.post('/v1/messages', aMessage().build(), { 'idempotency-key': key });
    expect([refused.status, refused.body.code]).toEqual([400, 'idempotency_key_invalid']);
  });
});
