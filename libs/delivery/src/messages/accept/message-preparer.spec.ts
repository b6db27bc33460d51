import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { headerLimits, NO_ROUTES, sizesOf, type EmailProvider, type MessageSpec, type Recipient } from '@gateway/core';
import { systemClock } from '@gateway/platform';
import type { BatchProducer } from '@gateway/queue';
import { acme, serviceWith } from '@gateway/testing';
import { readMessage } from '../../../../../apps/api/src/messages/read/read-message.js';
import { SuppressionRepository } from '@gateway/database';
import { RoutesInForce } from '../../routes/routes-in-force.js';
import { SharedAccountStates } from '../../accounts/account-states.js';
import { MessageAttachments } from '../../attachments/message-attachments.js';
import { ProviderDirectory } from '../../shared/provider-directory.js';
import { SendingDomains } from '../../sending-domains/sending-domains.service.js';
import { MessagePreparer } from './message-preparer.js';
import { PreviewMessageService } from './preview-message.service.js';

const TEXTS = { subject: 'Order {{no}}', html: '<p>Dear {{name}}</p>', text: 'Dear {{name}}' };
const BODY = {
  ...TEXTS,
  from: 'shop@shop.example.com',
  to: ['kim@example.com', 'lee@example.com'],
  variables: { no: '17', name: 'customer' },
};
const NO_FILES = sizesOf([]);
const NOW = { states: new Map(), routes: NO_ROUTES };

/** How often each text is parsed: the parser begins by looking for the first variable. */
function parsesOf(work: () => unknown): Promise<Record<keyof typeof TEXTS, number>> {
  const searches = jest.spyOn(String.prototype, 'indexOf');
  const count = (text: string): number =>
    searches.mock.contexts.filter((context, call) => {
      const [sought, from] = searches.mock.calls[call] ?? [];
      return String(context) === text && sought === '{{' && from === 0;
    }).length;
  return Promise.resolve(work()).then(() => {
    const { subject, html, text } = TEXTS;
    return { subject: count(subject), html: count(html), text: count(text) };
  });
}

const anAccount = (): EmailProvider => {
  const account = acme.readAccount({ ACME_TOKEN: 'a-token-of-a-test', ACME_PUSH_SECRET: 'a-secret-of-a-test' });
  if (account === undefined) throw new Error('the account is not configured');
  const http = { request: () => Promise.reject(new Error('nothing is sent')), close: async () => undefined };
  return account.create({ http: () => http, clock: systemClock, timeoutMs: 1 });
};

const read = (): Promise<{ readonly spec: MessageSpec; readonly recipients: readonly Recipient[] }> =>
  readMessage(BODY, { context: { now: new Date(), providers: ['acme'], headers: headerLimits([]) } });

async function prepare(providers: ProviderDirectory) {
  const { spec, recipients } = await read();
  const command = { clientId: '', requestId: '', spec, recipients, idempotency: undefined, ...NOW };
  const domains = new SendingDomains(providers, { dnsServers: 'off' });
  const preparer = new MessagePreparer(providers, { isAway: false } as BatchProducer, domains, systemClock);
  return preparer.withRecipients(command, NO_FILES);
}

describe(MessagePreparer.name, () => {
  it.each([
    ['repeat', []],
    ['none', [expect.stringMatching(/^The account acme cannot say whether it accepted a request/)]],
  ] as const)('warns of an account that cannot settle a doubt: %s', async (doubt, wanted) => {
    const account = anAccount();
    const capabilities = { ...account.capabilities, doubt };
    const { message } = await prepare(new ProviderDirectory([Object.assign(account, { capabilities })]));
    // The body has both html and text.
    expect(message.warnings.slice(1)).toEqual(wanted);
  });
});

describe('the texts of a message', () => {
  const providers = new ProviderDirectory([anAccount()]);
  afterEach(() => void jest.restoreAllMocks());

  it('are parsed once until the message is written', async () => {
    const parses = await parsesOf(async () => {
      expect((await prepare(providers)).message.provider).toBe('acme');
    });
    expect(parses).toEqual({ subject: 1, html: 1, text: 1 });
  });

  it('are parsed once for a preview', async () => {
    const preview = await serviceWith(PreviewMessageService, [
      [ProviderDirectory, providers],
      [SharedAccountStates, { run: async () => new Map() }],
      [RoutesInForce, { current: () => NO_ROUTES }],
      [SuppressionRepository, { findSuppressed: async () => [] }],
      [MessageAttachments, { sizes: async () => NO_FILES }],
    ]);
    const parses = await parsesOf(async () => {
      const { spec, recipients } = await read();
      expect((await preview.execute({ clientId: '', id: 'a' }, spec, recipients)).rendered.html).toBe(
        '<p>Dear customer</p>',
      );
    });
    expect(parses).toEqual({ subject: 1, html: 1, text: 1 });
  });
});
