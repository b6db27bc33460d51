import { describe, expect, it } from '@jest/globals';
import { dnsServers } from './dns-servers.js';

describe('DNS_SERVERS', () => {
  it.each([
    ['system', 'system'],
    [' OFF ', 'off'],
    ['10.0.0.2, 127.0.0.1:5353,[fd00::2]:53,fd00::3', ['10.0.0.2', '127.0.0.1:5353', '[fd00::2]:53', 'fd00::3']],
  ])('reads %j', (text, servers) => expect(dnsServers().parse(text)).toEqual(servers));

  it.each(['', 'dns.example.com', '10.0.0.2:0', '10.0.0.2:99999', '[10.0.0.2]:53', '10.0.0.2;10.0.0.3'])(
    'refuses %j',
    (text) => expect(dnsServers().safeParse(text).success).toBe(false),
  );
});
