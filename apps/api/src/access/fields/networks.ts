import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { issue } from '../../http/fields/issue.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = readonly [Address, number];

const NETWORK = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/;

const MAPPED_BITS = 96;

/**
 * An address or a network in CIDR notation, in one spelling: without host bits, and as IPv4 where it is an IPv4 network
 * written in IPv6.
 * @returns nothing for what is neither.
 */
export function normaliseNetwork(text: string): string | undefined {
  const match = NETWORK.exec(text.trim());
  const address = parseAddress(match?.[1] ?? '');
  if (address === undefined) return undefined;
  const longest = address instanceof ipaddr.IPv4 ? 32 : 128;
  const length = Number(match?.[2] ?? longest);
  if (length > longest) return undefined;
  return networkOf(address, length);
}

function networkOf(address: Address, length: number): string {
  if (address instanceof ipaddr.IPv4) {
    return `${ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${length}`).toString()}/${length}`;
  }
  if (address.isIPv4MappedAddress() && length >= MAPPED_BITS) {
    return networkOf(address.toIPv4Address(), length - MAPPED_BITS);
  }
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${length}`).toString()}/${length}`;
}

/** Is the address of a caller in one of the networks, which are in their normal form? */
export function isInNetworks(caller: string, networks: readonly string[]): boolean {
  const address = parseAddress(caller.split('%', 1)[0] ?? '');
  if (address === undefined) return false;
  const plain = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
  return networks.some((network) => {
    const [range, bits]: Network = ipaddr.parseCIDR(network);
    return range.kind() === plain.kind() && plain.match(range, bits);
  });
}

/** In the usual notations only: not `10.1`, and not `010.0.0.1`, which programs read in different ways. */
function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

export const networkText = z
  .string()
  .max(100)
  .transform((text, ctx): string => {
    const network = normaliseNetwork(text);
    if (network !== undefined) return network;
    ctx.addIssue(issue('not_allowed', 'must be an address or a network like 203.0.113.0/24 or 2001:db8::/32'));
    return z.NEVER;
  });
