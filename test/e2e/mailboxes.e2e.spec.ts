import { describe, expect, it } from '@jest/globals';
import { aMessage, aSender, unique, useSharedGateway, type MessageView, type ProblemView } from '@gateway/testing';

describe('mailboxes in one string', () => {
  const actors = useSharedGateway('postgres');
  const anAddress = (word: string): string => `${unique(`${word}-`)}@example.com`;
  const two = () => ({ kim: anAddress('kim'), lee: anAddress('lee') });
  const errorsOf = ({ body }: { body: ProblemView }) => body.errors?.map(({ pointer, code }) => `${pointer} ${code}`);
  const post = (fields: object) =>
    actors.gateway.post<ProblemView & Pick<MessageView, 'id' | 'recipientCount'>>('/v1/messages', fields);

  /** Recipients with their types and names, as the vendor delivered the mail. */
  const mailsOf = async (sender: string) =>
    (await actors.simulator.mails(sender)).map(({ address, name, type }) => `${type} ${name ?? ''}|${address}`).sort();

  const stream = (lines: readonly unknown[]) =>
    actors.gateway.call<ProblemView & Pick<MessageView, 'id' | 'recipientCount'>>('POST', '/v1/messages', {
      body: lines.map((line) => JSON.stringify(line)).join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
    });

  it.each(['ncp', 'nhn'])('sends each of them a mail of their own through %s', async (provider) => {
    const [sender, { kim, lee }, other] = [aSender(), two(), anAddress('other')];
    const to = `Kim <${kim}>; "Lee, A <${kim}>" <${lee}>, ${other}`;
    const message = await actors.gateway.deliver(aMessage().from(sender).through(provider).with({ to }));
    expect(message.recipientCount).toBe(3);
    const mails = (await actors.simulator.mails(sender)).map(({ address, name }) => `${name ?? ''}|${address}`).sort();
    expect(mails).toEqual([`Kim|${kim}`, `Lee, A <${kim}>|${lee}`, `|${other}`].sort());
  });

  it('reads them in every list, in recipients and in lines of a stream', async () => {
    const [sender, { kim, lee }] = [aSender(), two()];
    const both = `Kim <${kim}>, Lee <${lee}>`;
    const counts = await Promise.all(
      [
        { to: [both, anAddress('a')] },
        { to: undefined, recipients: [anAddress('a'), both] },
        { delivery: 'shared', cc: both },
        { delivery: 'shared', bcc: [both] },
      ].map(async (fields) => (await post(aMessage().from(sender).with(fields).build())).body.recipientCount),
    );
    expect(counts).toEqual([3, 3, 3, 3]);
    const { to: _, ...head } = aMessage().from(sender).build();
    const { status, body } = await stream([head, both, { address: anAddress('a') }]);
    expect([status, body.recipientCount]).toEqual([202, 3]);
  });

  it('shows each of a shared mail under its own name only', async () => {
    const [sender, { kim, lee }, copy] = [aSender(), two(), anAddress('copy')];
    const fields = { to: `Kim <${kim}>, Lee <${lee}>`, cc: `${copy} <${copy}>` };
    const { id } = await actors.gateway.send(aMessage().from(sender).shared().with(fields));
    await actors.gateway.waitUntil(id, ({ counts }) => counts.delivered === 3);
    const recipients = await actors.gateway.recipients(id);
    expect(recipients.map(({ name, address, type }) => [type, name, address])).toEqual([
      ['to', 'Kim', kim],
      ['to', 'Lee', lee],
      ['cc', null, copy],
    ]);
    expect(await mailsOf(sender)).toHaveLength(3);
  });

  it('keeps to the rules of the list', async () => {
    const { kim, lee } = two();
    const again = `${kim}, Lee <${lee}>, ${kim.toUpperCase()}`;
    const duplicate = await post(aMessage().with({ to: again }).build());
    expect(errorsOf(duplicate)).toEqual(['/to duplicate_address']);
    expect(duplicate.body.errors?.[0]?.detail).toMatch(/^mailbox 3 \("KIM-.*"\): /);
    const { body } = await post(aMessage().with({ to: again, dedupe: true }).build());
    expect(body.recipientCount).toBe(2);
    const codes = aMessage()
      .authentication()
      .with({ to: `${kim}, ${lee}` });
    expect(errorsOf(await post(codes.build()))).toEqual(['/to too_many']);
    const copies = Array.from({ length: 31 }, (_, i) => `c.${i}@example.com`).join(', ');
    expect(errorsOf(await post(aMessage().shared().with({ cc: copies }).build()))).toEqual(['/cc too_many']);
    const missing = await post(
      aMessage()
        .with({ to: ['a@example.com', `${kim}, ${lee}`], html: '{{x}}' })
        .build(),
    );
    expect(errorsOf(missing)).toEqual([
      '/to/0/variables/x missing_variable',
      '/to/1/variables/x missing_variable',
      '/to/1/variables/x missing_variable',
    ]);
    expect(missing.body.errors?.map(({ detail }) => detail.slice(0, 9))).toEqual([
      '{{x}} has',
      'mailbox 1',
      'mailbox 2',
    ]);
  });

  it('refuses ambiguous mailboxes, and names the ambiguous part', async () => {
    const { kim, lee } = two();
    const refused = async (to: unknown, pointer: string, detail: RegExp) => {
      const { status, body } = await post(aMessage().with({ to }).build());
      expect([status, body.errors?.[0]?.pointer, body.errors?.[0]?.code]).toEqual([422, pointer, 'invalid_address']);
      expect(body.errors?.[0]?.detail).toMatch(detail);
    };
    await refused(`"${kim}", Lee <${lee}>`, '/to', /^mailbox 1 \("\\"kim-.*"\): is a name in quotes/);
    await refused([`${kim} Lee <${lee}>`], '/to/0', /^an "@" is in a name/);
    await refused([kim, `${lee}, Team: ${kim};`], '/to/1', /^mailbox 2 \("Team: kim-.*;"\): groups/);
    await refused(`${kim}; lee@my_host.example.com`, '/to', /^mailbox 2 \("lee@my_host.example.com"\): .*no "_"/);
    await refused({ address: `${kim}, ${lee}` }, '/to/address', /separator/);
    const { body } = await stream([{ ...aMessage().build(), to: undefined }, `${kim}, Lee`]);
    expect(body.errors).toEqual([
      { pointer: '', line: 2, code: 'invalid_address', detail: expect.stringMatching(/^mailbox 2 \("Lee"\): /) },
    ]);
  });

  it.each([
    'A <a@example.com>, B <b@example.com>',
    'a@example.com; b@example.com',
    '"a@example.com", B <b@example.com>',
  ])('refuses %s for a sender', async (from) => {
    expect(errorsOf(await post(aMessage().with({ from }).build()))).toEqual(['/from invalid_address']);
    const template = { name: unique('t-'), from, subject: 's', html: 'x' };
    expect(errorsOf(await actors.gateway.post('/v1/templates', template))).toEqual(['/from invalid_address']);
  });

  it('reads ten thousand of one string, and refuses to read more', async () => {
    const list = (length: number): string => Array.from({ length }, (_, i) => `Kim ${i} <k.${i}@example.com>`).join();
    const { body } = await post(
      aMessage()
        .with({ to: list(10_000) })
        .build(),
    );
    expect(body.recipientCount).toBe(10_000);
    expect(
      errorsOf(
        await post(
          aMessage()
            .with({ to: list(10_001) })
            .build(),
        ),
      ),
    ).toEqual(['/to too_many']);
    expect(
      errorsOf(
        await post(
          aMessage()
            .with({ to: `"${'a'.repeat(2_000_000)}` })
            .build(),
        ),
      ),
    ).toEqual(['/to too_long']);
    const eleven = { to: undefined, dryRun: true, recipients: Array.from({ length: 11 }, () => list(10_000)) };
    const over = await post(
      aMessage()
        .with({ ...eleven, dedupe: true })
        .build(),
    );
    expect([over.status, errorsOf(over)]).toEqual([200, undefined]);
    const different = eleven.recipients.map((text, i) => text.replaceAll('k.', `k.${i}.`));
    const tooMany = await post(
      aMessage()
        .with({ ...eleven, recipients: different })
        .build(),
    );
    expect(errorsOf(tooMany)).toEqual(['/recipients too_many']);
  });
});
