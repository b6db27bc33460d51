import { describe, expect, it } from '@jest/globals';
import { headerLimits } from './account-rules.js';
import { sizesOf } from '../attachments.js';
import type { Content, Variables } from '../message.js';
import type { Capabilities } from '../provider-parts/capabilities.js';
import { judge, obstaclesOf, type MessageProfile, type RoutableProvider } from './routing.js';
import { parseContent } from '../substitution/parts.js';
import type { Dialect } from '../substitution/dialect.js';

const DIALECT: Dialect = { variable: (key) => `\${${key}}`, reserved: /\$\{/g, unsubscribeLink: '#{U}' };
const LIMITS: Capabilities['limits'] = {
  recipientsPerRequest: 1000,
  recipientsPerSharedMail: 30,
  subjectBytes: 50,
  bodyBytes: 1000,
  senderNameBytes: 69,
  senderAddressLength: 100,
  recipientAddressLength: 254,
  recipientNameLength: 69,
  headerValueBytes: 100,
  requestBytes: 1_000_000,
  attachmentCount: 10,
  attachmentBytes: 1000,
  attachmentTotalBytes: 1000,
};
const RULES: Capabilities['rules'] = {
  recipientNameUnit: 'bytes',
  excludedSenderDomains: ['portal.example'],
  envelopeFromHeader: 'x-envelope-from',
  fileNames: { excludedCharacters: ':?' },
  templateIds: { form: 'text', longest: 5, excludedCharacters: '/' },
};
const FEATURES: Capabilities['features'] = {
  customHeaders: false,
  unsubscribeUrl: false,
  openTracking: true,
  findByMarker: true,
};

const provider = (features: Partial<Capabilities['features']> = {}): RoutableProvider => ({
  name: 'one',
  dialect: DIALECT,
  capabilities: {
    doubt: 'lookup',
    tracking: ['poll'],
    limits: LIMITS,
    features: { ...FEATURES, ...features },
    forbiddenHeaders: ['x-ours'],
    rules: RULES,
  },
});

function profile(content: Content, variables: Variables = {}, more: Partial<MessageProfile> = {}): MessageProfile {
  return {
    category: 'transactional',
    delivery: 'individual',
    content: parseContent(content, more.category ?? 'transactional'),
    variables,
    overridden: new Set(),
    senderNameBytes: 10,
    senderAddress: 'a@shop.example.co.kr',
    headers: {},
    bodyBytes: 10,
    ...more,
  };
}

const filesNamed = (...names: string[]) => sizesOf(names.map((name) => ({ name, size: 1 })));

const SMALL: Content = { subject: 'Hi', html: '<p>x</p>' };

describe(judge.name, () => {
  it('finds an account able when nothing speaks against it', () => {
    expect(judge(profile(SMALL), provider())).toEqual({ provider: 'one', able: true, reasons: [] });
  });

  it.each<[string, Partial<MessageProfile>, string]>([
    ['headers', { headers: { 'X-A': '1' } }, 'it takes no custom headers'],
    ['the sender name', { senderNameBytes: 70 }, 'the sender name has 70 bytes, it takes 69'],
    [
      'the sender address',
      { senderAddress: `${'a'.repeat(89)}@example.com` },
      'the sender address has 101 characters, it takes 100',
    ],
    ['a long body', { bodyBytes: 1001 }, 'the longest body has 1001 bytes, it takes 1000'],
    ['a domain', { senderAddress: 'a@portal.example' }, 'it takes no senders at portal.example'],
    ['a domain below', { senderAddress: 'a@mail.portal.example' }, 'it takes no senders at portal.example'],
    ['the id of a template', { providerTemplateId: 'a/b' }, 'it takes no id of a template with any of /'],
    ['a long id of a template', { providerTemplateId: 'abcdef' }, 'the id of a template has 6 characters, it takes 5'],
    ['a file name', { attachments: filesNamed('ok.pdf', '10:30.pdf') }, 'it takes no file name with any of : ?'],
  ])('gives a sentence for %s', (_what, more, reason) => {
    expect(judge(profile(SMALL, {}, more), provider())).toEqual({ provider: 'one', able: false, reasons: [reason] });
  });

  it('takes what is exactly as large as the limits', () => {
    const sizes = {
      senderNameBytes: 69,
      senderAddress: `${'a'.repeat(88)}@example.com`,
      bodyBytes: 1000,
      providerTemplateId: 'abcde',
      attachments: filesNamed('a b（1）.pdf'),
    };
    const content: Content = { subject: 's'.repeat(50), html: 'x'.repeat(1000) };
    expect(judge(profile(content, {}, sizes), provider()).reasons).toEqual([]);
  });

  it('measures the texts in the provider’s syntax, in bytes', () => {
    const { reasons } = judge(profile({ subject: '한'.repeat(17), html: '${'.repeat(100) }), provider());
    expect(reasons).toEqual([
      'the subject in its syntax has 51 bytes, it takes 50',
      'the body in its syntax has 1100 bytes, it takes 1000',
    ]);
  });

  it('wants a token for the bare URL of unsubscribing', () => {
    const content: Content = { subject: 's', html: '{{unsubscribeUrl}}' };
    const marketing = profile(content, {}, { category: 'marketing' });
    expect(judge(marketing, provider()).reasons).toHaveLength(1);
    expect(judge(marketing, provider({ unsubscribeUrl: true })).able).toBe(true);
    expect(judge(profile(content, { unsubscribeUrl: 'x' }), provider()).able).toBe(true);
  });

  it.each([
    ['forbidden_header', 'X-Ours', '1'],
    ['too_long', 'X-A', 'x'.repeat(101)],
  ])('points at a header that is %s', (code, name, value) => {
    const message = profile(SMALL, {}, { headers: { 'X-B': '1', [name]: value } });
    const obstacles = obstaclesOf(message, provider({ customHeaders: true }));
    expect(obstacles.map((obstacle) => [obstacle.pointer, obstacle.code])).toEqual([[`/headers/${name}`, code]]);
  });

  it('lets headers pass where the account takes them', () => {
    const message = profile(SMALL, {}, { headers: { 'X-A': '1' } });
    expect(judge(message, provider({ customHeaders: true })).able).toBe(true);
  });

  it.each([
    ['b@bounce.example.co.kr', true],
    ['b@shop.example.co.kr', true],
    ['B@Mail.Shop.EXAMPLE.co.kr', true],
    ['b@other.co.kr', false],
    ['b@example.com', false],
    ['b', false],
    ['B <b@shop.example.co.kr>', false],
  ])('takes the envelope sender %j of a@shop.example.co.kr: %p', (address, able) => {
    const message = profile(SMALL, {}, { headers: { 'X-Envelope-From': address } });
    const obstacles = obstaclesOf(message, provider({ customHeaders: true }));
    expect(obstacles.map(({ pointer }) => pointer)).toEqual(able ? [] : ['/headers/X-Envelope-From']);
  });

  it('points at the file, the sender and the template', () => {
    const message = profile(
      SMALL,
      {},
      {
        attachments: filesNamed('a.pdf', 'b?.pdf'),
        senderAddress: 'a@portal.example',
        providerTemplateId: 'a/b',
      },
    );
    const pointers = obstaclesOf(message, provider()).map(({ pointer }) => pointer);
    expect(pointers).toEqual(['/from', '/attachments/1', '/template/providerTemplateId']);
  });

  it('does not write out a long value that is used many times', () => {
    const content: Content = { subject: '{{a}}'.repeat(100), html: '{{{a}}}'.repeat(1000) };
    const started = performance.now();
    const { reasons } = judge(profile(content, { a: 'a'.repeat(10_000_000) }), provider());
    expect(reasons).toEqual([
      'the subject in its syntax has 1000000000 bytes, it takes 50',
      'the body in its syntax has 10000000000 bytes, it takes 1000',
    ]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe(headerLimits.name, () => {
  const account = (headerValueBytes: number, ...forbiddenHeaders: string[]) => ({
    features: { ...FEATURES, customHeaders: headerValueBytes > 0 },
    limits: { ...LIMITS, headerValueBytes },
    forbiddenHeaders,
  });

  it('are what every account that takes headers refuses', () => {
    const { forbidden, valueBytes } = headerLimits([account(0), account(10, 'from', 'list-id'), account(20, 'from')]);
    expect([[...forbidden], valueBytes]).toEqual([['from'], 20]);
  });

  it('refuse nothing where no account takes headers: routing does', () => {
    expect(headerLimits([account(0, 'from')])).toEqual({ forbidden: new Set(), valueBytes: Infinity });
  });
});
