import type { MessageDetail, NewMessage } from '@gateway/client';

const PLACEHOLDER = /\{\{\{?\s*([^{}\s]+)\s*\}?\}\}/g;
/** Filled in by the gateway, not by the caller. */
const OWN = new Set(['unsubscribe', 'unsubscribeUrl']);

/** Each variable stands for itself: `{{name}}` stays readable as `{{name}}`. */
function variablesOf(...texts: readonly (string | null)[]): Record<string, string> {
  const names = texts.flatMap((text) => [...(text ?? '').matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''));
  return Object.fromEntries(names.filter((name) => !OWN.has(name)).map((name) => [name, `{{${name}}}`]));
}

/** The request that makes such a message, to some recipients. */
export function asRequest(message: MessageDetail, recipients: readonly string[]): NewMessage {
  const { category, delivery, from, subject, html, text, tags, metadata, attachments } = message;
  const variables = variablesOf(subject, html, text);
  return {
    category,
    delivery,
    from,
    subject: subject ?? '',
    ...(html !== null && { html }),
    ...(text !== null && { text }),
    ...(Object.keys(variables).length > 0 && { variables }),
    recipients: recipients.map((address) => ({ address })),
    ...(attachments.length > 0 && { attachments: [...attachments] }),
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

/** Between single quotes of a POSIX shell nothing is special but the quote itself. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export const asCurl = (request: NewMessage): string =>
  [
    `curl -sS ${shellQuoted(`${location.origin}/v1/messages`)}`,
    `-H "Authorization: Bearer $GATEWAY_API_KEY"`,
    `-H 'Content-Type: application/json'`,
    `-d ${shellQuoted(JSON.stringify(request))}`,
  ].join(' \\\n  ');

export const asCode = (request: NewMessage): string =>
  [
    `import { EmailGateway } from '@email-gateway/client';`,
    '',
    `const gateway = new EmailGateway({ url: ${JSON.stringify(location.origin)}, apiKey: process.env.GATEWAY_API_KEY });`,
    `const message = await gateway.messages.send(${JSON.stringify(request, null, 2)});`,
  ].join('\n');
