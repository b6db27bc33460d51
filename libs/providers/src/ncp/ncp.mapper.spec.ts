import { describe, expect, it } from '@jest/globals';
import { aBatch } from '@gateway/testing';
import { mailRequest, referencesOf } from './ncp.mapper.js';

const parsed = (...args: Parameters<typeof mailRequest.chunks>): unknown =>
  JSON.parse(Buffer.concat([...mailRequest.chunks(...args)]).toString());

describe('the body of POST /mails', () => {
  it('writes what the documents name', () => {
    const recipients = [{ address: 'kim@example.com', name: 'Kim', variables: { no: 'A-17' } }];
    const content = { subject: 'Order {{no}}', html: '<p>{{shop}} ${x}</p>' };
    const batch = aBatch({ content, recipients, variables: { shop: 'S&P' } });
    expect(parsed(batch)).toEqual({
      senderAddress: 'no-reply@shop.example.com',
      senderName: 'Shop',
      title: 'Order ${no}',
      body: '<p>S&amp;P ${as_typed}x}</p>',
      individual: true,
      confirmAndSend: false,
      advertising: false,
      referencesHeader: `<${batch.marker}>`,
      recipients: [{ address: 'kim@example.com', name: 'Kim', type: 'R', parameters: { no: 'A-17', as_typed: '${' } }],
    });
  });

  it('puts constants with the request when no recipient has values', () => {
    const batch = aBatch({ content: { subject: '${x}', text: 't' }, delivery: 'shared' });
    expect(parsed(batch)).toMatchObject({ individual: false, parameters: { as_typed: '${' } });
    expect(parsed(batch)).toMatchObject({ recipients: [{ address: 'kim@example.com', name: 'Kim', type: 'R' }] });
  });

  it('asks for the stock unsubscribe text in advertisements', () => {
    expect(parsed(aBatch({ category: 'marketing' }))).toMatchObject({
      advertising: true,
      useBasicUnsubscribeMsg: true,
    });
  });

  it("leaves subject and body to the provider's own template, and gives every value under its own name", () => {
    const recipients = [{ address: 'kim@example.com', variables: { no: '<1>' } }, { address: 'lee@example.com' }];
    const content = { subject: '', html: '' };
    const batch = aBatch({ content, recipients, variables: { shop: 'S', no: '0' }, providerTemplateId: '301' });
    const body = parsed(batch);
    expect(body).not.toHaveProperty('title');
    expect(body).not.toHaveProperty('body');
    expect(body).not.toHaveProperty('parameters');
    expect(body).toMatchObject({
      templateSid: 301,
      recipients: [{ parameters: { shop: 'S', no: '<1>' } }, { parameters: { shop: 'S', no: '0' } }],
    });
  });

  it('keeps keys of texts beside a template apart from the values', () => {
    const content = { subject: '${no}', html: '{{no}}' };
    const recipients = [{ address: 'kim@example.com', variables: { no: '<1>' } }];
    const body = parsed(aBatch({ content, recipients, providerTemplateId: '301' }));
    expect(body).toMatchObject({ templateSid: 301, title: '${as_typed}no}', body: '${no_html}' });
    expect(body).toMatchObject({ recipients: [{ parameters: { no: '<1>', no_html: '&lt;1&gt;', as_typed: '${' } }] });
  });

  it('gives the values of a template once when no recipient has its own', () => {
    const batch = aBatch({ content: { subject: '', html: '' }, variables: { a: '1' }, providerTemplateId: '7' });
    expect(parsed(batch)).toMatchObject({ templateSid: 7, parameters: { a: '1' } });
    expect(JSON.stringify((parsed(batch) as { recipients: unknown }).recipients)).not.toContain('parameters');
  });

  it('is the same as what is shown', () => {
    const recipients = Array.from({ length: 2500 }, (_, n) => ({ address: `r${n}@example.com` }));
    const batch = aBatch({ recipients });
    expect(parsed(batch)).toEqual(mailRequest.shown(batch));
  });

  it('builds 100,000 recipients in pieces, fast', () => {
    const recipients = Array.from({ length: 100_000 }, (_, n) => ({
      address: `recipient.${n}@example.com`,
      name: `Name ${n}`,
      variables: { a: `value ${n}`, b: 'other' },
    }));
    const batch = aBatch({ recipients, content: { subject: '{{a}}', html: '<p>{{a}} {{b}}</p>' } });
    const started = performance.now();
    const chunks = [...mailRequest.chunks(batch)];
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(1024 * 1024);
  });
});

describe(referencesOf.name, () => {
  it('keeps to 100 characters and stays unique', () => {
    const long = referencesOf(`bat_01h455vb4pex5vsknk084sn02q.1@${'x'.repeat(80)}.example.com`);
    expect(long).toBe('<bat_01h455vb4pex5vsknk084sn02q.1@marker.invalid>');
  });
});
