import { domainOf, normaliseAddress } from '../mailbox/address.js';
import type { FileName } from '../attachments.js';
import type { Obstacle } from './obstacle.js';
import { pointerSegment } from '../problem.js';
import type { Capabilities } from '../provider-parts/capabilities.js';

/** The parts of a message that the rules in an account's documents concern. */
export interface RuledMessage {
  readonly senderAddress: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly files: readonly FileName[];
  /** Id of a template that is stored at the account. */
  readonly providerTemplateId?: string;
}

/** Why an account cannot take the sender, a header, a file name or the id of a template. */
export const ruleObstacles = (message: RuledMessage, capabilities: Capabilities): readonly Obstacle[] => {
  const { rules, features } = capabilities;
  return [
    ...senderObstacles(message, rules),
    ...(features.customHeaders ? headerObstacles(message, capabilities) : []),
    ...fileNameObstacles(message, rules),
    ...templateIdObstacles(message, rules),
  ];
};

/** Rules for headers that all accounts with custom headers share. */
export interface HeaderLimits {
  /** Lower-case names that all of them refuse. */
  readonly forbidden: ReadonlySet<string>;
  /** The longest value that one of them takes; `Infinity` where no account takes headers. */
  readonly valueBytes: number;
}

/** A header that every account refuses is a fault of the field; routing decides about the others. */
export function headerLimits(accounts: readonly Pick<Capabilities, 'features' | 'forbiddenHeaders' | 'limits'>[]) {
  const [first, ...others] = accounts.filter(({ features }) => features.customHeaders);
  if (first === undefined) return { forbidden: new Set<string>(), valueBytes: Infinity } satisfies HeaderLimits;
  const isForbidden = (name: string): boolean => others.every((other) => other.forbiddenHeaders.includes(name));
  return {
    forbidden: new Set(first.forbiddenHeaders.filter(isForbidden)),
    valueBytes: Math.max(...[first, ...others].map(({ limits }) => limits.headerValueBytes)),
  } satisfies HeaderLimits;
}

const notAllowed = (pointer: string, detail: string): Obstacle => ({ pointer, code: 'not_allowed', detail });

type Rules = Capabilities['rules'];

function senderObstacles({ senderAddress }: RuledMessage, { excludedSenderDomains }: Rules): readonly Obstacle[] {
  const domain = domainOf(senderAddress).toLowerCase();
  const excluded = excludedSenderDomains.find((each) => domain === each || domain.endsWith(`.${each}`));
  return excluded === undefined ? [] : [notAllowed('/from', `it takes no senders at ${excluded}`)];
}

function headerObstacles(message: RuledMessage, { forbiddenHeaders, limits, rules }: Capabilities): Obstacle[] {
  const { headerValueBytes: most } = limits;
  return Object.entries(message.headers).flatMap(([name, value]): readonly Obstacle[] => {
    const pointer = `/headers/${pointerSegment(name)}`;
    const lowerCase = name.toLowerCase();
    if (forbiddenHeaders.includes(lowerCase)) {
      return [{ pointer, code: 'forbidden_header', detail: `it sets the header ${name} itself, or refuses it` }];
    }
    const size = Buffer.byteLength(value);
    if (size > most) {
      return [{ pointer, code: 'too_long', detail: `the header's value has ${size} bytes, it takes ${most}` }];
    }
    return lowerCase === rules.envelopeFromHeader ? envelopeFromObstacles(message, { pointer, value }) : [];
  });
}

function envelopeFromObstacles(
  { senderAddress }: RuledMessage,
  { pointer, value }: { readonly pointer: string; readonly value: string },
): readonly Obstacle[] {
  const address = normaliseAddress(value);
  if (address === undefined) return [{ pointer, code: 'invalid_address', detail: 'it takes only an e-mail address' }];
  const [root, sender] = [rootDomainOf(domainOf(address)), rootDomainOf(domainOf(senderAddress).toLowerCase())];
  return root === sender
    ? []
    : [notAllowed(pointer, `it takes only an address at ${sender} or below, as the sender's`)];
}

/** Names below a country's top level that are open to everybody, as in `co.kr`. */
const SHARED_LABELS: ReadonlySet<string> = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'es',
  'go',
  'gov',
  'hs',
  'kg',
  'mil',
  'ms',
  'ne',
  'net',
  'or',
  'org',
  'pe',
  're',
  'sc',
  'ai',
  'io',
  'it',
  'me',
  'busan',
  'chungbuk',
  'chungnam',
  'daegu',
  'daejeon',
  'gangwon',
  'gwangju',
  'gyeongbuk',
  'gyeonggi',
  'gyeongnam',
  'incheon',
  'jeju',
  'jeonbuk',
  'jeonnam',
  'seoul',
  'ulsan',
  'gr',
  'ad',
  'lg',
  'ltd',
  'plc',
]);

/**
 * The domain that its owner has registered: `example.com` of `mail.example.com`, `example.co.kr` of `a.example.co.kr`.
 * By the usual form of names, without the list of all public suffixes: where it errs, two owners pass for one, and the
 * provider's own refusal ends the message.
 */
export function rootDomainOf(domain: string): string {
  const labels = domain.split('.');
  const country = labels.at(-1)?.length === 2;
  const depth = country && labels.length > 2 && SHARED_LABELS.has(labels.at(-2) ?? '') ? 3 : 2;
  return labels.slice(-depth).join('.');
}

function fileNameObstacles({ files }: RuledMessage, { fileNames }: Rules): Obstacle[] {
  if (fileNames === undefined) return [];
  const { excludedCharacters: excluded } = fileNames;
  return files.flatMap(({ name, index }) => {
    const found = [...name].find((character) => excluded.includes(character));
    if (found === undefined) return [];
    return [notAllowed(`/attachments/${index}`, `it takes no file name with any of ${[...excluded].join(' ')}`)];
  });
}

const NUMBER = /^[0-9]{1,15}$/;

function templateIdObstacles({ providerTemplateId: id }: RuledMessage, { templateIds }: Rules): readonly Obstacle[] {
  if (id === undefined || templateIds === undefined) return [];
  const pointer = '/template/providerTemplateId';
  if (templateIds.form === 'number') return NUMBER.test(id) ? [] : [notAllowed(pointer, 'its templates have numbers')];
  if (id.length > templateIds.longest) {
    const detail = `the id of a template has ${id.length} characters, it takes ${templateIds.longest}`;
    return [{ pointer, code: 'too_long', detail }];
  }
  const { excludedCharacters: excluded } = templateIds;
  if (![...id].some((character) => excluded.includes(character))) return [];
  return [notAllowed(pointer, `it takes no id of a template with any of ${[...excluded].join(' ')}`)];
}
