import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { sessionToken } from './session-cookie.js';

const TOKEN = 'a'.repeat(43);
const HOST = { host: 'mail.example.com' };
const read = (method: string, headers: Readonly<Record<string, string>>): string | undefined =>
  sessionToken({
    method,
    headers: { ...HOST, cookie: `other=1; gateway_session=${TOKEN}`, ...headers },
    raw: { socket: {} },
  } as unknown as FastifyRequest);

describe(sessionToken.name, () => {
  it.each([
    ['GET', {}],
    ['GET', { 'sec-fetch-site': 'none' }],
    ['GET', { 'sec-fetch-site': 'same-origin' }],
    ['POST', { 'sec-fetch-site': 'same-origin' }],
    ['DELETE', { origin: 'https://mail.example.com' }],
  ] as const)('takes the cookie of %s with %j', (method, headers) => {
    expect(read(method, headers)).toBe(TOKEN);
  });

  it.each([
    ['GET', { 'sec-fetch-site': 'cross-site' }],
    ['GET', { 'sec-fetch-site': 'same-site' }],
    ['GET', { origin: 'https://evil.example' }],
    ['POST', {}],
    ['POST', { 'sec-fetch-site': 'none' }],
    ['POST', { 'sec-fetch-site': 'cross-site', origin: 'https://mail.example.com' }],
    ['POST', { origin: 'null' }],
    ['POST', { origin: 'https://mail.example.com.evil.example' }],
  ] as const)('refuses the cookie of %s with %j', (method, headers) => {
    expect(() => read(method, headers)).toThrow('own pages');
  });

  it('does not count beside a key, even one that is wrong, nor when it cannot be a token', () => {
    expect(read('POST', { authorization: 'Bearer x' })).toBeUndefined();
    expect(read('POST', { cookie: 'gateway_session=short' })).toBeUndefined();
  });

  it('counts over TLS only by the name that no neighbour can set', () => {
    const tls = { origin: 'https://mail.example.com', 'x-forwarded-proto': 'https' };
    const own = `__Host-gateway_session=${TOKEN}`;
    expect(read('POST', { ...tls, cookie: own })).toBe(TOKEN);
    expect(read('POST', { ...tls, cookie: `gateway_session=${'b'.repeat(43)}; ${own}` })).toBe(TOKEN);
    expect(read('POST', tls)).toBeUndefined();
    expect(read('POST', { origin: 'https://mail.example.com', cookie: own })).toBeUndefined();
  });
});
