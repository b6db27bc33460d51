import { describe, expect, it } from '@jest/globals';
import { aMessage, aSender, useSharedGateway, type MessageView } from '@gateway/testing';
import { outcomeOf } from './outcome.js';

const EIGHT = Array.from({ length: 8 }, (_, n) => n);
/** Slowly: a redrive that has failed as well may be redriven again, even by a late one of the eight requests. */
const FAILS = 'fail+6s@example.com';

describe('redriving', () => {
  const actors = useSharedGateway('postgres');
  const failed = async (sender: string): Promise<string> =>
    (await actors.gateway.deliver(aMessage().from(sender).through('ncp').to('ok@example.com', FAILS))).id;

  it('mails a recipient once more, however often it is asked for at once', async () => {
    const sender = aSender();
    const path = `/v1/messages/${await failed(sender)}/redrive`;
    const answers = await Promise.all(EIGHT.map(() => actors.gateway.post<MessageView>(path, {})));
    const taken = answers.filter(({ status }) => status === 202);
    expect(taken).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 202)) expect(answer.status).toBe(409);
    for (const { body } of taken) await actors.gateway.waitUntilFinal(body.id);
    const mails = (await actors.simulator.mails(sender)).filter(({ address }) => address === FAILS);
    expect(mails).toHaveLength(2);
  });

  it('has nothing left while a redrive is under way, and counts no recipient', async () => {
    const sender = aSender();
    const path = `/v1/messages/${await failed(sender)}/redrive`;
    const first = await actors.gateway.post<MessageView>(path, {});
    expect(first.status).toBe(202);
    expect(
      (
        await actors.gateway.post<{ recipientCount: number }>(path, {
          dryRun: true,
        })
      ).body.recipientCount,
    ).toBeFalsy();
    expect(outcomeOf(await actors.gateway.post(path, { statuses: ['failed'] }))).toBe('409 nothing_to_redrive');
    await actors.gateway.waitUntilFinal(first.body.id);
  });
});
