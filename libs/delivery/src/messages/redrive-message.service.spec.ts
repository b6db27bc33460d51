import { describe, expect, it } from '@jest/globals';
import type { MessageRepository, RedriveRow } from '@gateway/database';
import type { AcceptMessageService } from './accept/accept-message.service.js';
import type { IdempotencyService } from '../shared/idempotency.service.js';
import { RedriveMessageService } from './redrive-message.service.js';

const ANSWER = { status: 202, headers: {}, body: '{}' };
const ROW = {
  erasedAt: null,
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: null,
  providerTemplateId: null,
  attachmentIds: [],
  variables: {},
  headers: {},
  metadata: {},
  tags: [],
};

/** Over a message whose recipients are read while retention is at it. */
const redriveOver = (message: { readonly erasedMeanwhile: boolean }): RedriveMessageService => {
  const pages = [[{ position: 0, address: 'kim@example.com', name: null, type: 'to', variables: null }]];
  const messages = {
    countForRedrive: async () => 2,
    findForRedrive: async () => pages.shift() ?? [],
    findOtherRedrives: async () => [],
    isErased: async () => message.erasedMeanwhile,
  };
  const accept = {
    execute: async ({ recipients }: { readonly recipients: AsyncIterable<unknown> }) => {
      for await (const page of recipients) expect(page).toHaveLength(1);
      return ANSWER;
    },
  };
  return new RedriveMessageService(
    messages as unknown as MessageRepository,
    accept as unknown as AcceptMessageService,
    {} as IdempotencyService,
    { isForeign: async () => false },
  );
};

const COMMAND = {
  clientId: 'c',
  keyId: 'k',
  needsRelease: false,
  requestId: 'r',
  messageId: 'm',
  idempotency: undefined,
};

describe(RedriveMessageService.name, () => {
  it('sends nothing when recipients were erased while it read them, because some may be missing', async () => {
    const redrive = redriveOver({ erasedMeanwhile: true });
    const sending = redrive.execute(COMMAND, ROW as unknown as RedriveRow, () => ANSWER);
    await expect(sending).rejects.toMatchObject({ code: 'message_erased' });
  });

  it('sends when they were all there to the end', async () => {
    const redrive = redriveOver({ erasedMeanwhile: false });
    expect(await redrive.execute(COMMAND, ROW as unknown as RedriveRow, () => ANSWER)).toBe(ANSWER);
  });
});
