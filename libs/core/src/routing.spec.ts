import { describe, expect, it } from '@jest/globals';
import type { Content, Variables } from './message.js';
import type { Capabilities } from './provider.js';
import { judge, type MessageProfile, type RoutableProvider } from './routing.js';
import { parseContent } from './substitution/compile.js';
import type { Dialect } from './substitution/dialect.js';

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
  requestBytes: 1_000_000,
  attachmentCount: 10,
  attachmentBytes: 1000,
  attachmentTotalBytes: 1000,
};
const FEATURES: Capabilities['features'] = {
  customHeaders: false,
  unsubscribeUrl: false,
  openTracking: true,
  deliveryReceipts: true,
  findByMarker: true,
};

const provider = (features: Partial<Capabilities['features']> = {}): RoutableProvider => ({
  name: 'one',
  dialect: DIALECT,
  capabilities: { limits: LIMITS, features: { ...FEATURES, ...features }, forbiddenHeaders: [] },
});

function profile(content: Content, variables: Variables = {}, more: Partial<MessageProfile> = {}): MessageProfile {
  return {
    category: 'transactional',
    delivery: 'individual',
    content: parseContent(content, more.category ?? 'transactional'),
    variables,
    overridden: new Set(),
    senderNameBytes: 10,
    senderAddressLength: 10,
    hasHeaders: false,
    bodyBytes: 10,
    longestAddress: 10,
    longestName: 10,
    recipientCounts: { to: 1, cc: 0, bcc: 0 },
    ...more,
  };
}

const SMALL: Content = { subject: 'Hi', html: '<p>x</p>' };

describe(judge.name, () => {
  it('finds an account able when nothing speaks against it', () => {
    expect(judge(profile(SMALL), provider())).toEqual({ provider: 'one', able: true, reasons: [] });
  });

  it.each<[string, Partial<MessageProfile>, string]>([
    ['headers', { hasHeaders: true }, 'it takes no custom headers'],
    ['the sender name', { senderNameBytes: 70 }, 'the sender name has 70 bytes, it takes 69'],
    ['the sender address', { senderAddressLength: 101 }, 'the sender address has 101 characters, it takes 100'],
    ['a long body', { bodyBytes: 1001 }, 'the longest body has 1001 bytes, it takes 1000'],
    ['an address', { longestAddress: 255 }, 'the longest recipient address has 255 characters, it takes 254'],
    ['a name', { longestName: 70 }, 'the longest recipient name has 70 bytes, it takes 69'],
  ])('gives a sentence for %s', (_what, more, reason) => {
    expect(judge(profile(SMALL, {}, more), provider())).toEqual({ provider: 'one', able: false, reasons: [reason] });
  });

  it('takes what is exactly as large as the limits', () => {
    const sizes = {
      senderNameBytes: 69,
      senderAddressLength: 100,
      bodyBytes: 1000,
      longestAddress: 254,
      longestName: 69,
    };
    const shared = { delivery: 'shared', allowSplit: false, recipientCounts: { to: 30, cc: 0, bcc: 0 } } as const;
    const content: Content = { subject: 's'.repeat(50), html: 'x'.repeat(1000) };
    expect(judge(profile(content, {}, { ...sizes, ...shared }), provider()).reasons).toEqual([]);
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

  it('lets headers pass where the account takes them', () => {
    expect(judge(profile(SMALL, {}, { hasHeaders: true }), provider({ customHeaders: true })).able).toBe(true);
  });

  it('counts the recipients of a shared mail that must not be split', () => {
    const recipientCounts = { to: 20, cc: 10, bcc: 1 };
    const shared = { delivery: 'shared', recipientCounts } as const;
    expect(judge(profile(SMALL, {}, { ...shared, allowSplit: false }), provider()).reasons).toEqual([
      'the shared mail has 31 recipients, it takes 30',
    ]);
    expect(judge(profile(SMALL, {}, { ...shared, allowSplit: true }), provider()).able).toBe(true);
    expect(judge(profile(SMALL, {}, { recipientCounts, allowSplit: false }), provider()).able).toBe(true);
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
