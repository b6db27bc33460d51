import { domainOf, isAddress } from '../../../http/address.js';
import { isObject } from '../../../http/fields.js';
import { NhnError } from '../envelope.js';

const FORBIDDEN = new Set(
  [
    'From',
    'To',
    'Cc',
    'Bcc',
    'Date',
    'Subject',
    'Content-Disposition',
    'Message-ID',
    'Sender',
    'Reply-To',
    'Newsgroups',
    'Content-ID',
    'Content-MD5',
    'MIME-Version',
    'Content-Transfer-Encoding',
    'Content-Description',
  ].map((name) => name.toLowerCase()),
);

/** customHeaders checked against nhn.md §2.1 and §2.2; throws -2030, -2709, -2710. */
export function readCustomHeaders(value: unknown, senderAddress: string): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (!isAllowedName(name)) throw new NhnError(-2030, `Invalid custom header name. ${name}`);
    if (!isAllowedValue(text)) throw new NhnError(-2030, `Invalid custom header value. ${name}`);
    if (name.toLowerCase() === 'x-tc-envelope-from') checkEnvelopeFrom(text, senderAddress);
    headers[name] = text;
  }
  return headers;
}

const isAllowedName = (name: string): boolean =>
  /^[A-Za-z0-9-]{1,50}$/.test(name) && !FORBIDDEN.has(name.toLowerCase());

/** 1 to 1000 bytes on one line. */
const isAllowedValue = (value: unknown): value is string =>
  typeof value === 'string' && /^[^\r\n]+$/.test(value) && Buffer.byteLength(value, 'utf8') <= 1_000;

function checkEnvelopeFrom(address: string, senderAddress: string): void {
  if (!isAddress(address)) throw new NhnError(-2710, 'X-TC-ENVELOPE-FROM is not an e-mail address.');
  const [envelope, sender] = [domainOf(address), domainOf(senderAddress)];
  const related = envelope === sender || envelope.endsWith(`.${sender}`) || sender.endsWith(`.${envelope}`);
  if (!related) throw new NhnError(-2709, 'X-TC-ENVELOPE-FROM and senderAddress have different root domains.');
}
