import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  unique,
  useSharedGateway,
  type MessageView,
  type PageView,
  type ProblemView,
} from '@gateway/testing';

const COUNT = 8000;
/** Large enough to be read in pieces. */
const people = Array.from({ length: COUNT }, (_, i) => ({ address: `r.${i}@example.com`, name: `Customer ${i}` }));

describe('a large JSON message', () => {
  const actors = useSharedGateway('postgres');
  const later = () => ({ sendAt: new Date(Date.now() + 3_600_000).toISOString() });

  it('is answered with all of its faults, and nothing of it is stored', async () => {
    const { gateway } = actors;
    const tag = unique('tag');
    const recipients = people.map((one, i) => (i === 4321 ? { address: 'nobody', colour: 'red' } : one));
    const body = aMessage()
      .with({ subject: undefined, to: undefined, recipients, tags: [tag] })
      .build();
    const { status, body: problem } = await gateway.post('/v1/messages', body);
    expect(status).toBe(422);
    expect(problem.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/subject', 'required'],
      ['/recipients/4321/address', 'invalid_address'],
      ['/recipients/4321/colour', 'unknown_field'],
    ]);
    const missing = people.map((one, i) => (i === COUNT - 1 ? {} : one));
    const last = await gateway.post('/v1/messages', aMessage().with({ to: undefined, recipients: missing }).build());
    expect([last.status, last.body.errors?.[0]?.pointer]).toEqual([422, `/recipients/${COUNT - 1}/address`]);
    expect((await gateway.get<PageView<MessageView>>('/v1/messages', { tag })).data).toEqual([]);
  });

  it('that breaks off, or is no JSON somewhere, is malformed', async () => {
    const whole = JSON.stringify(aMessage().with({ to: undefined, recipients: people }).build());
    const broken = [whole.slice(0, -2), whole.slice(0, whole.length / 2), whole.replace('"r.7000@', 'r.7000@')];
    for (const body of broken) {
      const answer = await actors.gateway.post<ProblemView>('/v1/messages', body);
      expect([answer.status, answer.body.code]).toEqual([400, 'malformed_json']);
    }
  });

  it('is taken once for each Idempotency-Key, and only tried with dryRun', async () => {
    const { gateway } = actors;
    const message = aMessage()
      .from(aSender())
      .with({ to: undefined, recipients: people, ...later() });
    const headers = { 'idempotency-key': unique('key') };
    const first = await gateway.send(message, headers);
    const again = await gateway.call<MessageView>('POST', '/v1/messages', { body: message.build(), headers });
    expect([again.status, again.headers.get('idempotent-replayed'), again.body.id]).toEqual([202, 'true', first.id]);
    expect((await gateway.message(first.id)).recipientCount).toBe(COUNT);
    const tried = await gateway.post<{ recipientCount: number }>(
      '/v1/messages',
      message.with({ dryRun: true }).build(),
    );
    expect([tried.status, tried.body.recipientCount]).toEqual([200, COUNT]);
  });
});
