import { describe, expect, it } from '@jest/globals';
import { aBatch } from '@gateway/testing';
import { mailBody, mailObject } from './nhn.mapper.js';

const parsed = (...args: Parameters<typeof mailBody>): unknown =>
  JSON.parse(Buffer.concat([...mailBody(...args)]).toString());
const recipients = [{ address: 'kim@example.com', name: 'Kim', variables: { no: '7' } }];
const content = { subject: 'No {{no}} ##', html: '<p>{{shop}}</p>' };
const variables = { shop: 'A##B' };

describe(mailBody.name, () => {
  it('individual: values and constants with each receiver', () => {
    const batch = aBatch({ content, recipients, variables, headers: { 'X-Campaign': 'c1' } });
    expect(parsed(batch, 'v1.5')).toEqual({
      senderAddress: 'no-reply@shop.example.com',
      senderName: 'Shop',
      title: 'No ##no## ##as_typed##',
      body: '<p>A##as_typed##B</p>',
      templateType: 'DEFAULT',
      customHeaders: { 'X-Campaign': 'c1' },
      senderGroupingKey: batch.batchId,
      receiverList: [
        { receiveMailAddr: 'kim@example.com', receiveName: 'Kim', templateParameter: { no: '7', as_typed: '##' } },
      ],
    });
  });

  it.each([
    ['individual', { receiverList: [{ templateParameter: { a: '1', no: '7' } }] }],
    ['shared', { templateParameter: { a: '1' }, receiverList: [{ receiveType: 'MRT0' }] }],
  ] as const)('%s from a template of the provider: every value under its own name', (delivery, wanted) => {
    const empty = { subject: '', html: '' };
    const own = delivery === 'shared' ? [{ address: 'kim@example.com' }] : recipients;
    const batch = aBatch({
      delivery,
      content: empty,
      recipients: own,
      variables: { a: '1' },
      providerTemplateId: 'T_1',
    });
    const body = parsed(batch, 'v1.5');
    expect(body).toMatchObject({ templateId: 'T_1', ...wanted });
    for (const absent of ['title', 'body', 'templateType']) expect(body).not.toHaveProperty(absent);
  });

  it('authentication from a template of the provider, with a subject of its own', () => {
    const texts = { subject: 'Code {{code}}', html: '' };
    const to = [{ address: 'kim@example.com', variables: { code: '12' } }];
    const batch = aBatch({ category: 'authentication', content: texts, recipients: to, providerTemplateId: 'T_1' });
    expect(parsed(batch, 'v1.5')).toMatchObject({
      templateId: 'T_1',
      title: 'Code ##code_2##',
      receiver: { templateParameter: { code: '12', code_2: '12' } },
    });
  });

  it('shared: types with each receiver, constants with the request', () => {
    const batch = aBatch({ delivery: 'shared', content, variables: { ...variables, no: '1' } });
    expect(parsed(batch, 'v1.5')).toEqual({
      senderAddress: 'no-reply@shop.example.com',
      senderName: 'Shop',
      title: 'No 1 ##as_typed##',
      body: '<p>A##as_typed##B</p>',
      templateParameter: { as_typed: '##' },
      senderGroupingKey: batch.batchId,
      receiverList: [{ receiveMailAddr: 'kim@example.com', receiveName: 'Kim', receiveType: 'MRT0' }],
    });
  });

  it('authentication: one receiver, the key only from v2.1 on', () => {
    const batch = aBatch({ category: 'authentication', content, recipients, variables });
    const body = {
      senderAddress: 'no-reply@shop.example.com',
      senderName: 'Shop',
      title: 'No ##no## ##as_typed##',
      body: '<p>A##as_typed##B</p>',
      receiver: {
        receiveMailAddr: 'kim@example.com',
        receiveName: 'Kim',
        templateParameter: { no: '7', as_typed: '##' },
      },
    };
    expect(parsed(batch, 'v2.0')).toEqual({ ...body, customHeaders: { 'X-Batch-Id': batch.batchId } });
    expect(parsed(batch, 'v2.1')).toEqual({ ...body, senderGroupingKey: batch.batchId });
  });

  it('advertisements: the mark and both links', () => {
    expect(parsed(aBatch({ category: 'marketing' }), 'v1.5')).toMatchObject({
      title: '(광고) Hello',
      body: '<p>Hello</p><p>##BLOCK_RECEIVER_LINK##<br>##EN_BLOCK_RECEIVER_LINK##</p>',
    });
  });

  it.each(['individual', 'shared'] as const)('is the same as what is shown: %s', (delivery) => {
    const many = Array.from({ length: 1000 }, (_, n) => ({ address: `r${n}@example.com` }));
    const batch = aBatch({ delivery, recipients: many, content, variables });
    expect(parsed(batch, 'v1.5')).toEqual(mailObject(batch, 'v1.5'));
  });
});
