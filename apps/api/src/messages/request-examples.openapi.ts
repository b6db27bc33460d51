import type { z } from 'zod';
import type { messageSchema } from './read/message.schema.js';
import { EXAMPLE_IDS } from '../openapi/example-ids.js';
import type { RequestExample } from '../openapi/operation.js';

type Body = z.input<typeof messageSchema>;

const DAY_MS = 24 * 3_600_000;

const smallest: Body = { from: 'no-reply@example.com', to: 'kim@example.com', subject: 'Hi', text: 'Hello!' };

/** The message that a sandbox gateway sends when it starts. */
export const personalised: Body = {
  from: { address: 'no-reply@example.com', name: 'Example Shop' },
  subject: '{{name}}, your order {{order}} has left',
  html: '<p>Hello {{name}},</p><p>order <b>{{order}}</b> is on its way.</p>',
  variables: { order: 'A-17' },
  recipients: [
    { address: 'kim@example.com', name: 'Kim', variables: { name: 'Kim' } },
    { address: 'lee@example.com', name: 'Lee', variables: { name: 'Lee', order: 'A-18' } },
  ],
  tags: ['orders'],
  metadata: { orderSystem: 'web' },
};

/** The message that a sandbox gateway has for cancelling. */
export const scheduled = (sendAt: Date): Body => ({
  from: 'no-reply@example.com',
  to: ['kim@example.com', 'lee@example.com'],
  subject: 'Maintenance tonight',
  text: 'We are back at six.',
  sendAt: sendAt.toISOString(),
  tags: ['maintenance'],
});

const loginCode: Body = {
  category: 'authentication',
  from: 'login@example.com',
  to: 'kim@example.com',
  subject: 'Your code is {{code}}',
  text: 'Your code is {{code}}. It ends in five minutes.',
  variables: { code: '551903' },
};

const advertisement: Body = {
  category: 'marketing',
  from: 'Example Shop <news@example.com>',
  to: ['kim@example.com', 'Lee <lee@example.com>'],
  subject: 'Autumn sale',
  html: '<p>20 % off.</p><p>{{unsubscribe}}</p>',
};

const shared: Body = {
  delivery: 'shared',
  from: 'no-reply@example.com',
  to: 'kim@example.com',
  cc: 'lee@example.com',
  subject: 'Minutes of the meeting',
  text: 'See below.',
};

const attached: Body = { ...smallest, subject: 'Our terms', attachments: [EXAMPLE_IDS.attachment] };

const customHeaders: Body = { ...smallest, provider: 'nhn', headers: { 'X-Order': 'A-17' } };

const troubles: Body = {
  from: 'no-reply@example.com',
  to: ['kim@example.com', 'bounce+unknown_user@example.com', 'slow+10s@example.com', 'open@example.com'],
  subject: 'What can become of a mail',
  text: 'In a sandbox the address says it.',
};

const fromTemplate: Body = {
  template: { id: EXAMPLE_IDS.template },
  recipients: [
    { address: 'kim@example.com', variables: { name: 'Kim', order: 'A-17' } },
    { address: 'lee@example.com', variables: { name: 'Lee', order: 'A-18' } },
  ],
};

/** The group is one that a sandbox gateway keeps. */
const toAudience: Body = {
  category: 'marketing',
  from: 'Example Shop <news@example.com>',
  audience: { any: ['docs-vip'] },
  subject: 'For you, {{name}}',
  html: '<p>Only in {{city}}.</p><p>{{unsubscribe}}</p>',
};

const dryRun: Body = { ...smallest, dryRun: true };

const { recipients, ...head } = personalised;

/** The same as NDJSON. */
export const messageStream = [head, ...(recipients as readonly unknown[])]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

export const messageExamples = (now: Date): Readonly<Record<string, RequestExample>> => ({
  smallest: { summary: 'The smallest message', value: smallest },
  personalised: { summary: 'A mail for each, with variables', value: personalised },
  scheduled: { summary: 'Later, in a week', value: scheduled(new Date(now.getTime() + 7 * DAY_MS)) },
  loginCode: { summary: 'A login code, ahead of everything else', value: loginCode },
  advertisement: { summary: 'Marketing, with a link to unsubscribe', value: advertisement },
  shared: { summary: 'One mail that shows all its recipients', value: shared },
  template: { summary: 'From a template, with values for each', value: fromTemplate },
  attached: { summary: 'With a file that was uploaded before', value: attached },
  customHeaders: { summary: 'Custom headers, on an account that takes them', value: customHeaders },
  troubles: { summary: 'Sandbox: one delivered, one bounced, one slow, one opened', value: troubles },
  toAudience: { summary: 'To contacts, by their groups', value: toAudience },
  dryRun: { summary: 'Only try: answered as a preview', value: dryRun },
});
