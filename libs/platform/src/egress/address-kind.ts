import ipaddr from 'ipaddr.js';

/** The kind of an address. `loopback` and `private` are targets only where an operator allows them, `never` is none. */
export interface AddressKind {
  readonly kind: 'public' | 'loopback' | 'private' | 'never';
  /** For the detail of a refusal: "is a link-local address". */
  readonly what: string;
}

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;

const PUBLIC: AddressKind = { kind: 'public', what: 'public' };
const LOOPBACK: AddressKind = { kind: 'loopback', what: 'a loopback address' };
const PRIVATE: AddressKind = { kind: 'private', what: 'a private address' };

const never = (what: string): AddressKind => ({ kind: 'never', what });

/** Addresses that answer for a machine's credentials and lie outside the link-local range, of several clouds. */
const METADATA: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[] = [
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::/64',
  'fd20:ce::/64',
].map((cidr) => ipaddr.parseCIDR(cidr));

const KINDS: Readonly<Record<string, AddressKind>> = {
  unicast: PUBLIC,
  loopback: LOOPBACK,
  private: PRIVATE,
  carrierGradeNat: PRIVATE,
  uniqueLocal: PRIVATE,
  unspecified: never('the unspecified address'),
  linkLocal: never('a link-local address'),
  multicast: never('a multicast address'),
  broadcast: never('the broadcast address'),
};

/** All global unicast addresses that are assigned so far. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** IPv6 networks whose addresses contain an IPv4 address, and where: byte offsets. */
const EMBEDDING: readonly { readonly cidr: string; readonly read: (bytes: readonly number[]) => number[][] }[] = [
  { cidr: '::ffff:0:0/96', read: (b) => [b.slice(12)] },
  { cidr: '::ffff:0:0:0/96', read: (b) => [b.slice(12)] },
  { cidr: '64:ff9b::/96', read: (b) => [b.slice(12)] },
  // RFC 8215: the operator chooses how long the prefix is, so both ends count.
  { cidr: '64:ff9b:1::/48', read: (b) => [b.slice(12), [...b.slice(6, 8), ...b.slice(9, 11)]] },
  { cidr: '2002::/16', read: (b) => [b.slice(2, 6)] },
  // Teredo: the server, and the client with all bits inverted.
  { cidr: '2001::/32', read: (b) => [b.slice(4, 8), b.slice(12).map((byte) => byte ^ 0xff)] },
  { cidr: '::/96', read: (b) => [b.slice(12)] },
];
const EMBEDDING_RANGES = EMBEDDING.map(({ cidr, read }) => ({ range: ipaddr.IPv6.parseCIDR(cidr), read }));

/** Without a zone, and without brackets. @returns nothing for what is no address in usual notation */
export function parseAddress(text: string): Parsed | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  return ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.parse(bare) : undefined;
}

/** The address that a socket would really use: an IPv4-mapped one is that IPv4 address. */
export const canonical = (address: Parsed): Parsed =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;

/** Judges an address. One that embeds IPv4 addresses is what the worst of them is. */
export function kindOf(address: Parsed): AddressKind {
  if (METADATA.some(([range, bits]) => matches(address, range, bits))) return never('a metadata service');
  if (address instanceof ipaddr.IPv4) return KINDS[address.range()] ?? never('a reserved address');
  const embedded = embeddedIn(address);
  // ISATAP may be below any prefix, so the prefix counts as well.
  const plain = embedded.some(({ whole }) => whole) ? [] : [plainKind(address)];
  return worst([...plain, ...embedded.map(({ address: inner }) => kindOf(inner))]);
}

function plainKind(address: ipaddr.IPv6): AddressKind {
  const kind = KINDS[address.range()];
  if (kind === undefined) return never('a reserved address');
  return kind.kind === 'public' && !address.match(GLOBAL_UNICAST) ? never('a reserved address') : kind;
}

/** `whole`: the network has no meaning besides the IPv4 address. */
function embeddedIn(address: ipaddr.IPv6): { readonly address: ipaddr.IPv4; readonly whole: boolean }[] {
  const bytes = address.toByteArray();
  // `::` and `::1` have meanings of their own.
  if (bytes.slice(0, 15).every((byte) => byte === 0) && (bytes[15] ?? 0) <= 1) return [];
  const network = EMBEDDING_RANGES.find(({ range }) => address.match(range));
  if (network !== undefined) {
    return network.read(bytes).map((octets) => ({ address: new ipaddr.IPv4(octets), whole: true }));
  }
  return isIsatap(bytes) ? [{ address: new ipaddr.IPv4(bytes.slice(12)), whole: false }] : [];
}

/** `0000:5efe` or, for an address that is unique worldwide, `0200:5efe`. */
const isIsatap = (bytes: readonly number[]): boolean =>
  (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;

const ORDER = ['public', 'private', 'loopback', 'never'] as const;

const worst = (kinds: readonly AddressKind[]): AddressKind =>
  kinds.reduce((a, b) => (ORDER.indexOf(b.kind) > ORDER.indexOf(a.kind) ? b : a), PUBLIC);

/** Is the address, or an IPv4 address that it stands for, within one of the networks? */
export function isWithin(address: Parsed, cidrs: readonly string[]): boolean {
  return cidrs.some((cidr) => {
    const [range, bits] = ipaddr.parseCIDR(cidr);
    return matches(address, range, bits) || matches(canonical(address), range, bits);
  });
}

function matches(address: Parsed, range: Parsed, bits: number): boolean {
  if (address instanceof ipaddr.IPv4) return range instanceof ipaddr.IPv4 && address.match(range, bits);
  return range instanceof ipaddr.IPv6 && address.match(range, bits);
}
