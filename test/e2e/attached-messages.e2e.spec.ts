import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  aSender,
  eventually,
  unique,
  useOwnGateway,
  type Answer,
  type AttachmentView,
  type MessageView,
  type ProblemView,
} from '@gateway/testing';
import { createHash, randomBytes } from 'node:crypto';

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const faultsOf = ({ status, body }: Answer<ProblemView>): unknown => [
  status,
  body.code,
  ...(body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
];

// A gateway of its own: faults with files at the simulator would affect other tests, too.
describe('messages with attachments', () => {
  const env = { PROVIDER_TIMEOUT_MS: '5000' };
  const actors = useOwnGateway({ queue: 'postgres', env });

  const upload = (text: string = unique('text ')): Promise<AttachmentView> =>
    actors.gateway.upload(`${unique('파일-')}.txt`, text, 'text/plain');

  const uploadsOf = async ({ name }: AttachmentView) =>
    (await actors.simulator.files()).filter(({ fileName }) => fileName === name);

  const refusalOf = (message: object): Promise<Answer<ProblemView>> => actors.gateway.post('/v1/messages', message);

  describe.each(['ncp', 'nhn'])('through %s', (provider) => {
    it('bring the files to every recipient, uploaded once', async () => {
      const { gateway, simulator } = actors;
      const [a, b] = [await upload('first'), await upload('second')];
      const from = aSender();
      const message = aMessage().from(from).through(provider).withFiles(b, a).to('kim@example.com', 'lee@example.com');
      const { id } = await gateway.send(message);
      await gateway.waitUntil(id, ({ counts }) => counts.delivered === 2);
      const { id: again } = await gateway.send(message.to('park@example.com'));
      await gateway.waitUntil(again, ({ counts }) => counts.delivered === 1);
      const mails = await simulator.mails(from);
      expect(mails).toHaveLength(3);
      for (const { files } of mails) {
        expect(files.map(({ fileName, fileSize, sha256: sum }) => [fileName, fileSize, sum])).toEqual([
          [b.name, 6, sha256('second')],
          [a.name, 5, sha256('first')],
        ]);
      }
      for (const file of [a, b]) expect(await uploadsOf(file)).toHaveLength(1);
      expect(await gateway.message(id)).toMatchObject({ attachments: [b.id, a.id] });
    });

    it('upload again what the provider has lost', async () => {
      const { gateway, simulator } = actors;
      for (const how of ['expire', 'lose'] as const) {
        const file = await upload();
        const send = async () => {
          const from = aSender();
          const { id } = await gateway.send(aMessage().from(from).through(provider).withFiles(file));
          await gateway.waitUntil(id, ({ counts }) => counts.delivered === 1);
          expect(await simulator.summary(from)).toMatchObject({ requests: 1, repeatedAddresses: { count: 0 } });
          return id;
        };
        await send();
        const lost = (await uploadsOf(file)).map(({ fileId }) => fileId);
        expect(await simulator.loseFiles(how, lost)).toBe(1);
        const id = await send();
        const [batch] = await gateway.batches(id);
        expect(batch?.attempts.map(({ outcome }) => outcome)).toEqual(['refused', 'accepted']);
        expect((await uploadsOf(file)).filter(({ expired }) => !expired)).toHaveLength(1);
      }
    });

    it('wait while files cannot be uploaded: nothing was sent, nothing is in doubt', async () => {
      const { gateway, simulator } = actors;
      for (const kind of ['drop', 'error_500', 'accept_then_500', 'throttle_429']) {
        const file = await upload();
        const from = aSender();
        const fault = await simulator.trouble({ kind, provider: provider as 'ncp', operation: 'other', times: -1 });
        const { id } = await gateway.send(aMessage().from(from).through(provider).withFiles(file));
        await gateway.waitUntil(id, ({ counts }) => counts.deferred === 1);
        expect((await simulator.summary(from)).requests).toBe(0);
        await simulator.endTrouble(fault);
        await gateway.waitUntil(id, ({ counts }) => counts.delivered === 1);
        const events = (await gateway.events(id)).map(({ type }) => type);
        expect(events).toContain('batch.deferred');
        expect(events).not.toContain('batch.unconfirmed');
        const [batch] = await gateway.batches(id);
        expect(batch?.attempts.map(({ outcome }) => outcome)).toEqual(['accepted']);
        expect(await simulator.summary(from)).toMatchObject({ requests: 1, repeatedAddresses: { count: 0 } });
      }
    });

    it('show in a preview where the files will stand', async () => {
      const { gateway } = actors;
      const message = aMessage()
        .through(provider)
        .withFiles(await upload());
      const { status, body } = await gateway.post<{ requests: { body: unknown }[] }>(
        '/v1/messages/preview',
        message.build(),
      );
      expect(status).toBe(200);
      expect(JSON.stringify(body.requests[0]?.body)).toContain('["<uploaded when sent>"]');
    });

    it('go out with a file that was deleted while they waited; then it is removed everywhere', async () => {
      const { gateway, simulator } = actors;
      const file = await upload('kept');
      const from = aSender();
      const message = aMessage().from(from).through(provider).withFiles(file).dueIn(3000);
      const { id } = await gateway.send(message);
      expect((await gateway.call('DELETE', `/v1/attachments/${file.id}`)).status).toBe(204);
      expect(faultsOf(await refusalOf(message.build()))).toEqual([
        422,
        'validation_failed',
        '/attachments/0 unknown_reference',
      ]);
      await gateway.waitUntil(id, ({ counts }) => counts.delivered === 1);
      expect((await simulator.mails(from))[0]?.files).toEqual([expect.objectContaining({ sha256: sha256('kept') })]);
      // NHN lets files expire by themselves.
      if (provider === 'ncp') await eventually(async () => expect(await uploadsOf(file)).toEqual([]));
      expect(await gateway.message(id)).toMatchObject({ status: 'completed', attachments: [file.id] });
    });
  });

  it('upload a file once for all requests of a campaign', async () => {
    const { gateway, simulator } = actors;
    const file = await upload();
    const from = aSender();
    const { id } = await gateway.send(aMessage().from(from).through('nhn').withFiles(file).toMany(5000));
    await gateway.waitUntil(id, ({ counts }) => counts.delivered === 5000);
    expect(await simulator.summary(from)).toMatchObject({ requests: 5, recipients: 5000 });
    expect(await uploadsOf(file)).toHaveLength(1);
  });

  it('are refused by pointer', async () => {
    const { gateway } = actors;
    const file = await upload();
    const with_ = (...attachments: readonly unknown[]) =>
      refusalOf(aMessage().with({ attachments }).build()).then(faultsOf);
    const invalid = (...errors: readonly string[]) => [422, 'validation_failed', ...errors];
    const nobodys = 'att_01h455vb4pex5vsknk084sn02q';
    expect(await with_(nobodys)).toEqual(invalid('/attachments/0 unknown_reference'));
    expect(await with_(file.id, nobodys)).toEqual(invalid('/attachments/1 unknown_reference'));
    expect(await with_('att_1', 'msg_01h455vb4pex5vsknk084sn02q')).toEqual(
      invalid('/attachments/0 unknown_reference', '/attachments/1 unknown_reference'),
    );
    expect(await with_(file.id, file.id)).toEqual(invalid('/attachments/1 not_allowed'));
    expect(await with_(7)).toEqual(invalid('/attachments/0 invalid_type'));
    expect(await with_(...Array.from({ length: 11 }, () => nobodys))).toContain('/attachments too_many');
    expect(faultsOf(await refusalOf(aMessage().with({ attachments: file.id }).build()))).toContain(
      '/attachments invalid_type',
    );
    expect(faultsOf(await refusalOf(aMessage().authentication().withFiles(file).build()))).toEqual(
      invalid('/attachments not_allowed'),
    );
    const { body } = await gateway.post<{ key: string }>('/v1/api-keys', {
      client: unique('client-'),
      name: 'stranger',
      scopes: ['messages:write'],
    });
    const stranger = gateway.as(body.key);
    for (const path of ['/v1/messages', '/v1/messages/preview']) {
      const answer = await stranger.post(path, aMessage().withFiles(file).build());
      expect(faultsOf(answer)).toEqual(invalid('/attachments/0 unknown_reference'));
    }
    const { body: many } = await gateway.post<{ results: { id?: string; problem?: ProblemView }[] }>(
      '/v1/messages/batch',
      {
        messages: [
          aMessage().withFiles(file).build(),
          aMessage()
            .with({ attachments: [nobodys] })
            .build(),
        ],
      },
    );
    expect(many.results).toMatchObject([
      { id: expect.any(String) },
      { problem: { errors: [{ pointer: '/attachments/0', code: 'unknown_reference' }] } },
    ]);
  });

  it('go to an account that takes files of this size, or are refused with the reason', async () => {
    const { gateway } = actors;
    const large = await gateway.upload('large.bin', randomBytes(10 * MIB));
    const message = aMessage().withFiles(large);
    const { id } = await gateway.send(message);
    const routed = await gateway.message(id);
    expect(routed).toMatchObject({ routing: { provider: 'nhn' } });
    expect(routed.routing.candidates.find(({ provider }) => provider === 'ncp')).toEqual({
      provider: 'ncp',
      able: false,
      reasons: ['the largest attachment has 10485760 bytes, it takes 10000000'],
    });
    expect(faultsOf(await refusalOf(message.through('ncp').build()))).toEqual([
      422,
      'validation_failed',
      '/attachments too_large',
    ]);
    await gateway.waitUntil(id, ({ counts }) => counts.delivered === 1);
    const halves = await Promise.all([1, 2, 3].map(() => gateway.upload('half.bin', randomBytes(7 * MIB))));
    expect(
      faultsOf(
        await refusalOf(
          aMessage()
            .withFiles(...halves)
            .build(),
        ),
      ),
    ).toEqual([422, 'validation_failed', '/attachments too_large']);
  });

  it('carry their files into a redrive', async () => {
    const { gateway, simulator } = actors;
    const file = await upload('again');
    const from = aSender();
    const { id } = await gateway.deliver(aMessage().from(from).through('ncp').withFiles(file).to('fail@example.com'));
    const { status, body } = await gateway.post<MessageView>(`/v1/messages/${id}/redrive`, {});
    expect(status).toBe(202);
    await gateway.waitUntilFinal(body.id);
    expect((await simulator.mails(from)).map(({ files }) => files.length)).toEqual([1, 1]);
  });
});
