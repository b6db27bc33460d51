import { describe, expect, it } from '@jest/globals';
import { aMessage, aSender, unique, useSharedGateway } from '@gateway/testing';

interface Preview {
  readonly provider: string;
  readonly routing: { readonly candidates: readonly { readonly provider: string; readonly able: boolean }[] };
}

const HANGUL = '가';
const shop = (extra: Readonly<Record<string, unknown>>) => aMessage().from(aSender()).with(extra);

describe('rules of the accounts', () => {
  const actors = useSharedGateway('postgres');
  const refusalOf = async (message: { build(): object }) => {
    const { status, body } = await actors.gateway.post('/v1/messages', message.build());
    return { status, errors: body.errors?.map(({ pointer, code }) => [pointer, code]) };
  };

  it('choose the account that takes the sender, and are reported when the other one is asked for', async () => {
    const message = aMessage().from('shop@naver.com');
    const { body } = await actors.gateway.post<Preview>('/v1/messages/preview', message.build());
    expect(body.provider).toBe('nhn');
    expect(await refusalOf(message.through('ncp'))).toEqual({ status: 422, errors: [['/from', 'not_allowed']] });
  });

  it('refuse the envelope sender of another domain before it costs the account anything', async () => {
    const headers = { 'x-tc-Envelope-From': 'b@other.example.org' };
    expect(await refusalOf(shop({ headers }).through('nhn'))).toEqual({
      status: 422,
      errors: [['/headers/x-tc-Envelope-From', 'not_allowed']],
    });
  });

  it('name the recipient whose name is too long, in characters at nhn and in bytes at ncp', async () => {
    const to = (length: number) => ['a@example.com', { address: 'b@example.com', name: HANGUL.repeat(length) }];
    const nameTooLong = { status: 422, errors: [['/to/1/name', 'too_long']] };
    expect(await refusalOf(shop({ to: to(24) }).through('ncp'))).toEqual(nameTooLong);
    const { status } = await actors.gateway.post(
      '/v1/messages/preview',
      shop({ to: to(100) })
        .through('nhn')
        .build(),
    );
    expect(status).toBe(200);
    expect(await refusalOf(shop({ to: to(101) }))).toEqual(nameTooLong);
  });

  it.each([
    ['/subject', { subject: '{{n}}', html: 'x', variables: { n: ' ' } }],
    ['/html', { subject: 's', html: '{{n}}', variables: { n: '' } }],
    ['/text', { subject: 's', text: '{{n}}\n', html: undefined, variables: { n: '\t' } }],
  ])('leave no empty %s', async (pointer, content) => {
    for (const provider of ['ncp', 'nhn']) {
      expect(await refusalOf(shop(content).through(provider))).toEqual({
        status: 422,
        errors: [[pointer, 'required']],
      });
    }
  });

  it('point at the value that leaves one recipient without a subject', async () => {
    const recipients = ['x', '', 'y'].map((n) => ({ address: `${unique('r')}@example.com`, variables: { n } }));
    const message = shop({ subject: '{{n}}', html: 'x', recipients, to: undefined });
    expect(await refusalOf(message)).toEqual({ status: 422, errors: [['/recipients/1/variables/n', 'required']] });
  });
});
