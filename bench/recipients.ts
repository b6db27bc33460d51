import { randomUUID } from 'node:crypto';

/** A recipient as a caller's receipt campaign has it: about 115 bytes of JSON. */
export const recipientJson = (i: number): string =>
  `{"address":"customer.${String(i).padStart(7, '0')}@${DOMAINS[i % DOMAINS.length]}","name":"Customer ${i}","variables":{"name":"Customer ${i}","code":"${String(100_000 + (i % 900_000))}"}}`;

const DOMAINS = ['example.com', 'example.net', 'example.org', 'mail.example.com', 'post.example.net'];

export const ENVELOPE = {
  category: 'transactional',
  from: { address: 'shop@shop.example.com', name: 'Shop' },
  subject: 'Order {{code}}',
  html: '<p>Hello {{name}}, your order {{code}} is on its way.</p>',
} as const;

/** One JSON body of `POST /v1/messages` for so many personalised recipients. */
export function jsonMessage(count: number, more: object = {}): Buffer {
  const list = Array.from({ length: count }, (_, i) => recipientJson(i)).join(',');
  return Buffer.from(`${JSON.stringify({ ...ENVELOPE, ...more }).slice(0, -1)},"recipients":[${list}]}`);
}

/** The same as a stream, made as it is read: first line the message, then a recipient a line. */
export function* ndjsonMessage(count: number, more: object = {}): Generator<Buffer> {
  let page = `${JSON.stringify({ ...ENVELOPE, ...more })}\n`;
  for (let i = 0; i < count; i += 1) {
    page += `${recipientJson(i)}\n`;
    if (page.length < 64 * 1024) continue;
    yield Buffer.from(page);
    page = '';
  }
  yield Buffer.from(page);
}

/** The same rows in the text format of COPY, for the floor: nothing is left to do but to send them. */
export function* copyPages(count: number, messageId: string = randomUUID()): Generator<string> {
  let page = '';
  for (let i = 0; i < count; i += 1) {
    const { address, name, variables } = JSON.parse(recipientJson(i)) as Record<string, unknown>;
    page += `${messageId}\t${i}\t${String(address)}\t${String(name)}\tto\t${JSON.stringify(variables)}\n`;
    if (page.length < 64 * 1024) continue;
    yield page;
    page = '';
  }
  yield page;
}
