import { describe, expect, it } from '@jest/globals';
import {
  aMessage,
  useSharedGateway,
  type AttachmentView,
  type MessageBuilder,
  type MessageView,
} from '@gateway/testing';
import { FORM, formOf, outcomeOf } from './outcome.js';

interface Preview {
  readonly rendered: { readonly subject: string };
  readonly routing: MessageView['routing'];
}

describe('what a provider does not take', () => {
  const actors = useSharedGateway('postgres');
  const preview = (message: MessageBuilder) => actors.gateway.post<Preview>('/v1/messages/preview', message.build());
  /** Refused on arrival, or delivered: never accepted and then failed. */
  const expectNoFailure = async (message: MessageBuilder, pointer: string): Promise<void> => {
    const answer = await actors.gateway.post<MessageView>('/v1/messages', message.build());
    if (answer.status !== 202) return expect(outcomeOf(answer)).toMatch(new RegExp(`^422 ${pointer}`));
    expect((await actors.gateway.waitUntilFinal(answer.body.id)).status).toBe('completed');
  };

  it.each([
    '회의 10:30.pdf',
    'a?b.pdf',
    'a%22b.pdf',
    '<견적>.pdf',
    'a*b.pdf',
    'a|b.pdf',
    'a/b.pdf',
    'a\\b.pdf',
    'con.pdf',
    ' .pdf',
  ])('is known at accept for a file name: %s', async (name) => {
    const form = formOf(`form-data; name="file"; filename="${name}"`, 'x');
    const { status, body } = await actors.gateway.post<AttachmentView>('/v1/attachments', new Uint8Array(form), FORM);
    if (status !== 201) return expect([400, 422]).toContain(status);
    await expectNoFailure(aMessage().through('nhn').withFiles(body), '/attachments/0');
    return expectNoFailure(aMessage().withFiles(body), '/attachments/0');
  });

  it.each(['naver.com', 'navercorp.com', 'ncloud.com', 'NAVER.COM'])(
    'is known at accept for a sender at %s',
    async (domain) => {
      const from = `shop@${domain}`;
      expect(outcomeOf(await preview(aMessage().from(from).through('ncp')))).toMatch(/^422 \/from /);
      const { body } = await preview(aMessage().from(from));
      const ncp = body.routing.candidates.find(({ provider }) => provider === 'ncp');
      expect([body.routing.provider, ncp?.able, ncp?.reasons.length]).toEqual(['nhn', false, 1]);
    },
  );

  it.each([
    ['subject', { subject: '{{n}}', html: undefined, text: 't' }],
    ['html', { html: '{{n}}' }],
    ['text', { html: undefined, text: '{{n}}' }],
    ['subject', { subject: ' {{n}} ' }],
  ])('is known at accept for a %s that is empty with its values', async (field, fields) => {
    for (const provider of ['ncp', 'nhn']) {
      for (const n of ['', ' ', '\u200b'.slice(1)]) {
        await expectNoFailure(
          aMessage()
            .through(provider)
            .with({ ...fields, variables: { n } }),
          `/${field}`,
        );
      }
    }
    const recipients = [
      { address: 'a@e4.example.com', variables: { n: 'x' } },
      { address: 'b@e4.example.com', variables: { n: '' } },
    ];
    await expectNoFailure(aMessage().with({ ...fields, to: undefined, recipients }), '');
  });

  it.each(['X-TC-ENVELOPE-FROM', 'x-tc-envelope-from'])(
    'is known at accept for the header %s of another domain',
    async (name) => {
      const message = aMessage()
        .through('nhn')
        .with({ headers: { [name]: 'b@other.example.org' } });
      expect(outcomeOf(await preview(message))).toMatch(new RegExp(`^422 /headers/${name} `));
    },
  );

  it.each([
    [
      'to',
      (name: string) => ({
        to: ['a@e7.example.com', { address: 'b@e7.example.com', name }],
      }),
      '/to/1/name',
    ],
    [
      'recipients',
      (name: string) => ({
        to: undefined,
        recipients: [{ address: 'b@e7.example.com', name }],
      }),
      '/recipients/0/name',
    ],
    ['to', (name: string) => ({ to: { address: 'b@e7.example.com', name } }), '/to/name'],
  ])('is reported at the recipient itself, in the unit of the provider, in %s', async (_field, fields, pointer) => {
    expect(
      outcomeOf(
        await preview(
          aMessage()
            .through('nhn')
            .with(fields('가'.repeat(100))),
        ),
      ),
    ).toBe('200');
    expect(
      outcomeOf(
        await preview(
          aMessage()
            .through('nhn')
            .with(fields('가'.repeat(101))),
        ),
      ),
    ).toBe(`422 ${pointer} too_long`);
  });
});
