import { expect, it } from '@jest/globals';
import { parseTemplate, renderFor } from '@gateway/core';
import fc from 'fast-check';
import { aBatch } from '../batches.js';
import { anySignal, sendAccepted, type Suite } from '../contract.js';

/** Caller text made of what providers could take for their own syntax. */
const HOSTILE = 'Costs $${x} ${price} #{UNSUBSCRIBE_MESSAGE} ##code## # ## ### <#if x> ${"a"} $';

export function sendScenarios({ contract, adapter }: Suite): void {
  const { vendor } = contract;

  it('is accepted with an id, once', async () => {
    const outcome = await sendAccepted(adapter(), aBatch());
    expect(outcome.requestId).not.toBe('');
    expect(outcome).toMatchObject({ refusedRecipients: [], httpStatus: expect.any(Number) });
    expect(await vendor.mails()).toEqual([
      expect.objectContaining({ requestId: outcome.requestId, address: 'kim@example.com', name: 'Kim', type: 'to' }),
    ]);
  });

  it('gives every individual recipient exactly one mail with their own values', async () => {
    const recipients = Array.from({ length: contract.recipients ?? 1000 }, (_, n) => ({
      address: `r.${n}@example.com`,
      ...(n % 2 === 0 && { variables: { name: `N${n}` } }),
    }));
    const content = { subject: 'For {{name}}', html: '<b>{{name}}</b> {{shop}}' };
    await sendAccepted(adapter(), aBatch({ content, recipients, variables: { name: 'you', shop: 'A & B' } }));
    const mails = await vendor.mails();
    expect(mails.map(({ address }) => address)).toEqual(recipients.map(({ address }) => address));
    mails.forEach(({ subject, body }, n) => {
      const name = n % 2 === 0 ? `N${n}` : 'you';
      expect([subject, body]).toEqual([`For ${name}`, `<b>${name}</b> A &amp; B`]);
    });
  });

  it('keeps the types of a shared mail', async () => {
    const recipients = [
      { address: 'a@example.com' },
      { address: 'b@example.com', type: 'cc' },
      { address: 'c@example.com', type: 'bcc' },
    ] as const;
    await sendAccepted(adapter(), aBatch({ delivery: 'shared', recipients, content: { subject: HOSTILE, text: 'x' } }));
    const mails = await vendor.mails();
    expect(mails.map(({ address, type }) => [address, type])).toEqual([
      ['a@example.com', 'to'],
      ['b@example.com', 'cc'],
      ['c@example.com', 'bcc'],
    ]);
    expect(mails[0]?.subject).toBe(HOSTILE);
  });

  it.each(['transactional', 'authentication'] as const)(
    'leaves provider syntax of the caller as typed, %s',
    async (category) => {
      const content = { subject: `${HOSTILE}{{a}}`, html: `{{b}}${HOSTILE}{{{a}}}${HOSTILE}` };
      const recipients = [{ address: 'kim@example.com', variables: { a: '#$', b: '<x>' } }];
      const batch = aBatch({ category, content, recipients });
      await sendAccepted(adapter(), batch);
      const wanted = renderFor(batch.content, batch.variables, recipients[0]?.variables);
      expect(await vendor.mails()).toEqual([expect.objectContaining({ subject: wanted.subject, body: wanted.html })]);
    },
  );

  it('delivers any text as the gateway renders it', async () => {
    const piece = fc.constantFrom('#', '##', '$', '{', '}', 'a', ' ', '{{a}}', '{{b}}', '<', '##a##', '${a}', '&');
    const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
    const provider = adapter();
    await fc.assert(
      fc.asyncProperty(text.filter(parses), text.filter(parses), async (subject, html) => {
        await vendor.reset();
        const variables = { a: 'V', b: 'W' };
        const batch = aBatch({ content: { subject, html }, recipients: [{ address: 'k@example.com', variables }] });
        await sendAccepted(provider, batch);
        const [mail] = await vendor.mails();
        const wanted = renderFor(batch.content, {}, variables);
        expect({ subject: mail?.subject, html: mail?.body }).toEqual(wanted);
      }),
      { numRuns: 100 },
    );
  });

  it('marks an advertisement once and lets its reader unsubscribe', async () => {
    const recipients = [{ address: 'kim@example.com', variables: { a: 'A' } }];
    const content = { subject: 'Sale {{a}}', html: '<p>{{a}}</p>' };
    await sendAccepted(adapter(), aBatch({ category: 'marketing', content, recipients }));
    const [mail] = await vendor.mails();
    expect(mail?.subject).toBe('(광고) Sale A');
    expect(mail?.body).toMatch(/^<p>A<\/p>.*수신 ?거부.*Unsubscribe/is);
  });

  it('lets every reader of an advertisement see the mark once, also where a value brings it', async () => {
    const marks = ['(광고)', '봄', '  [광고]', '(\u1100\u116a\u11bc\u1100\u1169)', ''];
    const recipients = marks.map((m, n) => ({ address: `m.${n}@example.com`, variables: { m } }));
    const content = { subject: '{{m}} 할인', html: '<p>{{m}}</p>' };
    const batch = aBatch({ category: 'marketing', content, recipients });
    await sendAccepted(adapter(), batch);
    const subjects = (await vendor.mails()).map(({ subject }) => subject);
    expect(subjects).toEqual(['(광고) 할인', '(광고) 봄 할인', '(광고) 할인', '(광고) 할인', '(광고) 할인']);
    const previews = recipients.map(({ variables }) => renderFor(batch.content, {}, variables).subject);
    expect(previews).toEqual(subjects);
  });

  it('puts the unsubscribe link where the caller wants it', async () => {
    const content = { subject: 'Sale', html: '[{{unsubscribe}}] end' };
    await sendAccepted(adapter(), aBatch({ category: 'marketing', content }));
    const [mail] = await vendor.mails();
    expect(mail?.body).toMatch(/^\[.*href=.*\] end$/s);
  });

  it('shows the exact request without secrets', async () => {
    const provider = adapter();
    const batch = aBatch({ recipients: [{ address: 'a@example.com' }, { address: 'b@example.com' }] });
    const rendered = provider.render(batch);
    const outcome = await provider.send(batch, anySignal());
    expect(outcome.operation).toBe(rendered.operation);
    expect(rendered).toMatchObject({ method: 'POST', url: expect.stringContaining(vendor.origin) });
    const text = JSON.stringify(rendered);
    expect(text).toContain('b@example.com');
    for (const secret of contract.secrets) expect(text).not.toContain(secret);
  });
}

/** Is it a template with some text in it? */
function parses(text: string): boolean {
  try {
    parseTemplate(text);
    return text.trim() !== '';
  } catch {
    return false;
  }
}
