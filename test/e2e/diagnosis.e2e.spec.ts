import { afterEach, describe, expect, it } from '@jest/globals';
import { aMessage, aSender, eventually, unique, useOwnGateway } from '@gateway/testing';

interface Diagnosis {
  readonly state: string;
  readonly waitingFor: string | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly causes: readonly { readonly code: string; readonly detail: string; readonly provider?: unknown }[];
  readonly nextSteps: readonly string[];
}

describe('the diagnosis of a message', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: { SETTLE_MS: '60000' } });
  afterEach(async () => {
    await actors.simulator.endAllTrouble();
    await actors.gateway.post('/v1/providers/nhn/resume', {});
  });

  const diagnosisOf = (id: string): Promise<Diagnosis> => actors.gateway.get(`/v1/messages/${id}/diagnosis`);

  it('names the time of a scheduled one', async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await actors.gateway.send(aMessage().with({ sendAt }));
    const diagnosis = await diagnosisOf(id);
    expect(diagnosis).toMatchObject({ state: 'scheduled', waitingFor: 'due_time', until: sendAt });
    expect(diagnosis.causes).toEqual([{ code: 'due_time', detail: `it is to be sent at ${sendAt}` }]);
    expect(diagnosis.nextSteps.join(' ')).toContain(`POST /v1/messages/${id}/cancel`);
    expect((await actors.gateway.post(`/v1/messages/${id}/cancel`, {})).status).toBe(200);
    expect(await diagnosisOf(id)).toMatchObject({ state: 'cancelled', waitingFor: null, since: null, until: null });
  });

  it('names the account that is paused, and the call that opens it', async () => {
    await actors.gateway.post('/v1/providers/nhn/pause', { reason: 'maintenance' });
    const { id } = await actors.gateway.send(aMessage().through('nhn').to('a@example.com', 'b@example.com'));
    const diagnosis = await diagnosisOf(id);
    expect(diagnosis).toMatchObject({ state: 'queued', waitingFor: 'account', until: null });
    expect(Date.parse(diagnosis.since ?? '')).toBeLessThanOrEqual(Date.now());
    expect(diagnosis.causes).toContainEqual({
      code: 'provider_unavailable',
      detail: '2 recipients waiting at nhn: the account is paused: maintenance',
      provider: { name: 'nhn' },
      recipients: 2,
      batches: 1,
    });
    expect(diagnosis.nextSteps).toContain('To let its mail go on: POST /v1/providers/nhn/resume.');
    await actors.gateway.post('/v1/providers/nhn/resume', {});
    await actors.gateway.waitUntil(id, ({ status }) => status === 'completed');
    const after = await diagnosisOf(id);
    expect(after).toMatchObject({ state: 'completed', nextSteps: [] });
    // Mail without a receipt is followed for some time.
    expect([null, 'receipt']).toContain(after.waitingFor);
  });

  it('names a request that was not answered, and since when', async () => {
    const from = aSender();
    await actors.simulator.trouble({ kind: 'drop', provider: 'nhn', operation: 'send', sender: from });
    const { id } = await actors.gateway.send(aMessage().from(from).through('nhn').to('doubt@example.com'));
    await eventually(async () => {
      const diagnosis = await diagnosisOf(id);
      expect(diagnosis).toMatchObject({ state: 'sending', waitingFor: 'look_up' });
      expect(diagnosis.causes[0]?.detail).toMatch(/1 recipient in a request that nhn did not answer.*looked up/);
      expect(diagnosis.since).not.toBeNull();
    });
  });

  it("gives the provider's words for those who did not get it, and says how to send again", async () => {
    const to = ['bounce+unknown_user@example.com', 'bounce+unknown_user.2@example.com', 'fine@example.com'];
    const message = await actors.gateway.deliver(
      aMessage()
        .through('ncp')
        .to(...to),
    );
    const diagnosis = await diagnosisOf(message.id);
    expect(diagnosis).toMatchObject({ state: 'partially_failed', waitingFor: null });
    const cause = diagnosis.causes.find(({ code }) => code === 'unknown_user');
    expect(cause?.detail).toMatch(/^[12] recipients? bounced: .*5\d\d/);
    expect(cause?.provider).toMatchObject({ name: 'ncp' });
    expect(diagnosis.nextSteps.join(' ')).toContain(`POST /v1/messages/${message.id}/redrive`);
  });

  it('is only for the client of the message', async () => {
    const { id } = await actors.gateway.send(aMessage());
    const { body: key } = await actors.gateway.post<{ key: string }>('/v1/api-keys', {
      client: unique('other'),
      name: 'reader',
      scopes: ['messages:read'],
    });
    for (const path of [id, 'msg_nonsense', 'msg_01h455vb4pex5vsknk084sn02q']) {
      const { status } = await actors.gateway.as(key.key).call('GET', `/v1/messages/${path}/diagnosis`);
      expect(status).toBe(404);
    }
  });
});
