import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { aMessage, eventually, unique, useOwnGateway } from '@gateway/testing';

const KEY = `first:${randomBytes(32).toString('base64')}`;
const ENVIRONMENT = { CONTENT_KEYS: KEY, CONTENT_ENCRYPTION: 'all' };

interface Erasure {
  readonly id: string;
  readonly status: string;
  readonly mentions: Readonly<Record<string, unknown>>;
}

describe('mentions of an address in encrypted mail to others', () => {
  const actors = useOwnGateway({ queue: 'postgres', env: ENVIRONMENT });
  const person = `${unique('named.')}@example.com`;

  const plan = async () =>
    (await actors.gateway.post<Erasure>('/v1/erasures', { addresses: [person], mentionDays: 30, dryRun: true })).body
      .mentions;

  it('are found in texts, URLs and values, and not where a message is to the person, or names another one', async () => {
    const { gateway } = actors;
    const others = () => aMessage().to('lee@example.com');
    const named = [
      others().with({ subject: `For ${person.toUpperCase()}` }),
      others().with({ html: `<a href="mailto:${person}">write</a>` }),
      others().with({ text: `https://shop.example/?u=${encodeURIComponent(person)}` }),
      others().with({ html: '{{friend}}', variables: { friend: person } }),
      others()
        .with({ html: '{{friend}}' })
        .toRecipients({ address: 'lee@example.com', variables: { friend: person } }),
      others().with({ html: 'x'.repeat(1000), metadata: { about: person } }),
    ];
    const ids: string[] = [];
    for (const message of named) ids.unshift((await gateway.deliver(message)).id);
    await gateway.deliver(others().with({ html: `jo.${person}` }));
    await gateway.deliver(aMessage().with({ html: person }).to(person));
    const mentions = { days: 30, looked: 8, complete: true, messages: 6, messageIds: ids };
    expect(await plan()).toEqual(mentions);
    const { body } = await gateway.post<Erasure>('/v1/erasures', { addresses: [person], mentionDays: 30 });
    await eventually(async () => {
      const receipt = await gateway.get<Erasure>(`/v1/erasures/${body.id}`);
      expect(receipt).toMatchObject({ status: 'completed', mentions: { complete: true, messages: 6 } });
    });
  });

  it('are not known to be all where a key is missing', async () => {
    await actors.running.end('api');
    await actors.running.start('api', { CONTENT_KEYS: KEY.replace('first', 'other') });
    // Metadata is not encrypted, and still looked at.
    expect(await plan()).toMatchObject({ complete: false, messages: 1 });
  });
});
