import { describe, expect, it } from '@jest/globals';
import { aBatch } from '@gateway/testing';
import { mailRequest } from './sens.mapper.js';

const parsed = (...args: Parameters<typeof mailRequest.chunks>): Record<string, unknown> =>
  JSON.parse(Buffer.concat([...mailRequest.chunks(...args)]).toString()) as Record<string, unknown>;

describe('the body of create mail request', () => {
  it('writes what the documents name, with the marker at the end of the body', () => {
    const recipients = [{ address: 'kim@example.com', name: 'Kim', variables: { no: 'A-17' } }];
    const content = { subject: 'Order {{no}}', html: '<p>{{shop}} ${x}</p>' };
    const batch = aBatch({ content, recipients, variables: { shop: 'S&P' } });
    expect(parsed(batch)).toEqual({
      senderAddress: 'no-reply@shop.example.com',
      senderName: 'Shop',
      title: 'Order ${no}',
      body: `<p>S&amp;P \${as_typed}x}</p><!-- ${batch.batchId}.1 -->`,
      individual: true,
      confirmAndSend: false,
      advertising: false,
      recipients: [{ address: 'kim@example.com', name: 'Kim', type: 'TO', parameters: { no: 'A-17', as_typed: '${' } }],
    });
  });

  it('keeps a dollar sign at the end of a text apart from the marker', () => {
    const batch = aBatch({ content: { subject: 's', html: 'costs 5$' } });
    expect(parsed(batch)['body']).toBe(`costs 5$<!-- ${batch.batchId}.1 -->`);
  });

  it('writes the types of a shared mail', () => {
    const recipients = [
      { address: 'a@x.kr' },
      { address: 'b@x.kr', type: 'cc' },
      { address: 'c@x.kr', type: 'bcc' },
    ] as const;
    expect(parsed(aBatch({ recipients, delivery: 'shared' }))).toMatchObject({
      individual: false,
      recipients: [{ type: 'TO' }, { type: 'CC' }, { type: 'BCC' }],
    });
  });

  it('asks for the stock unsubscribe text in advertisements', () => {
    expect(parsed(aBatch({ category: 'marketing' }))).toMatchObject({
      advertising: true,
      useBasicUnsubscribeMessage: true,
    });
  });

  it('leaves subject and body to a template of the console, and gives every value under its own name', () => {
    const recipients = [{ address: 'kim@example.com', variables: { no: '<1>' } }];
    const batch = aBatch({ content: { subject: '', html: '' }, recipients, providerTemplateId: '301' });
    const body = parsed(batch);
    expect(body).not.toHaveProperty('body');
    expect(body).toMatchObject({ templateNo: 301, recipients: [{ parameters: { no: '<1>' } }] });
  });

  it.each([
    ['all', 'AND'],
    ['any', 'OR'],
  ] as const)('addresses groups: %s', (match, operator) => {
    const body = parsed(aBatch({ recipients: [], list: { lists: ['vip', 'new'], match } }));
    expect(body).toMatchObject({ recipientGroupFilter: { operator, groups: ['vip', 'new'] } });
    expect(body).not.toHaveProperty('recipients');
  });

  it('never names a time: the gateway holds what is scheduled', () => {
    expect(parsed(aBatch())).not.toHaveProperty('reservationDateTime');
  });

  it('is the same as what is shown', () => {
    const recipients = Array.from({ length: 2500 }, (_, n) => ({ address: `r${n}@example.com` }));
    const batch = aBatch({ recipients });
    expect(parsed(batch)).toEqual(mailRequest.shown(batch));
  });
});
