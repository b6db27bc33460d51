import { isIP } from 'node:net';
import { z } from 'zod';
import type { DnsServers } from '../dns/text-records.js';

const WITH_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::(\d{1,5}))?$/;

/** `system`, `off`, or comma-separated addresses of name servers. */
export const dnsServers = () =>
  z.string().transform((text, ctx): DnsServers => {
    const word = text.trim().toLowerCase();
    if (word === 'system' || word === 'off') return word;
    const servers = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (servers.length > 0 && servers.every(isServer)) return servers;
    ctx.addIssue('must be "system", "off" or comma-separated addresses like 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:53');
    return z.NEVER;
  });

function isServer(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const [, inBrackets, plain, port = '53'] = WITH_PORT.exec(text) ?? [];
  const isAddress = inBrackets === undefined ? isIP(plain ?? '') === 4 : isIP(inBrackets) === 6;
  return isAddress && Number(port) > 0 && Number(port) < 65_536;
}
