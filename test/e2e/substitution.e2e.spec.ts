import { describe, expect, it } from '@jest/globals';
import { aMessage, aSender, useSharedGateway } from '@gateway/testing';

/** Caller text made of what a provider could take for its own syntax. */
const VENDOR_SYNTAX = '${name} $${name} #{UNSUBSCRIBE_MESSAGE} ##name## ### <#if a>x</#if> ${"a"} $ #';

describe('substitution', () => {
  const actors = useSharedGateway('postgres');

  it.each(['ncp', 'nhn'])('gives each recipient of %s their own values, escaped in html', async (provider) => {
    const { gateway, simulator } = actors;
    const from = aSender();
    await gateway.deliver(
      aMessage()
        .from(from)
        .through(provider)
        .saying('{{name}}, {{count}} new & {{flag}}', '<b>{{name}}</b> {{{markup}}} {{shop}} {{count}}')
        .with({ variables: { shop: 'A & B', count: 0, flag: true, markup: '<i>m</i>' } })
        .toRecipients(
          { address: 'kim@example.com', variables: { name: '<Kim> & "Sons"', count: 7 } },
          { address: 'lee@example.com', variables: { name: '이영희 ${name} ##name##', markup: '<u>#{x}</u>' } },
          { address: 'park@example.com', variables: { name: '{{shop}}', shop: 'own' } },
        ),
    );
    const mails = await simulator.mails(from);
    expect(mails.map(({ address, subject, body }) => [address, subject, body])).toEqual([
      [
        'kim@example.com',
        '<Kim> & "Sons", 7 new & true',
        '<b>&lt;Kim&gt; &amp; &quot;Sons&quot;</b> <i>m</i> A &amp; B 7',
      ],
      [
        'lee@example.com',
        '이영희 ${name} ##name##, 0 new & true',
        '<b>이영희 ${name} ##name##</b> <u>#{x}</u> A &amp; B 0',
      ],
      ['park@example.com', '{{shop}}, 0 new & true', '<b>{{shop}}</b> <i>m</i> own 0'],
    ]);
  });

  it.each(['ncp', 'nhn'])('leaves what looks like syntax of %s as it was typed', async (provider) => {
    const { gateway, simulator } = actors;
    for (const category of ['transactional', 'authentication']) {
      const from = aSender();
      const message = aMessage().from(from).through(provider).saying(`${VENDOR_SYNTAX}{{a}}`, `{{a}}${VENDOR_SYNTAX}`);
      await gateway.deliver(message.with({ category, variables: { a: '#$' } }));
      const [mail] = await simulator.mails(from);
      expect([mail?.subject, mail?.body]).toEqual([`${VENDOR_SYNTAX}#$`, `#$${VENDOR_SYNTAX}`]);
    }
  });

  it.each(['ncp', 'nhn'])('makes html of plain text for %s', async (provider) => {
    const { gateway, simulator } = actors;
    const from = aSender();
    const message = aMessage().from(from).through(provider);
    await gateway.deliver(
      message.with({ html: undefined, text: 'Dear {{name}},\n1 < 2 & "3"', variables: { name: '<b>' } }),
    );
    const [mail] = await simulator.mails(from);
    expect(mail?.body).toContain('Dear &lt;b&gt;,');
    expect(mail?.body).toContain('1 &lt; 2 &amp;');
    expect(mail?.body).toMatch(/,(<br ?\/?>)?\n?.*1 &lt;/);
  });

  it.each(['ncp', 'nhn'])(
    'shows the blanks and tabs of plain text through %s, in the preview too',
    async (provider) => {
      const { gateway, simulator } = actors;
      const from = aSender();
      const message = aMessage()
        .from(from)
        .through(provider)
        .with({ html: undefined, text: 'Item   {{item}}\n  total\t{{sum}} won' })
        .toRecipients({ address: 'kim@example.com', variables: { item: ' a\n\tb', sum: '1  000' } });
      const shown = 'Item &nbsp; &nbsp;a<br>\n&nbsp; &nbsp; b<br>\n&nbsp; total&nbsp; &nbsp; 1&nbsp; 000 won';
      const { body } = await gateway.post<{ rendered: { html: string } }>('/v1/messages/preview', message.build());
      await gateway.deliver(message);
      const [mail] = await simulator.mails(from);
      expect([body.rendered.html, mail?.body]).toEqual([shown, shown]);
    },
  );

  it('warns once that only html is sent when both are given', async () => {
    const { gateway } = actors;
    const { warnings } = await gateway.send(aMessage().with({ html: '<p>a</p>', text: 'a' }));
    expect(warnings).toEqual([expect.stringContaining('html')]);
  });
});
