import { describe, expect, it } from '@jest/globals';
import { useSharedGateway } from '@gateway/testing';

const TLS = { 'x-forwarded-proto': 'https' };
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };

/** As a proxy that ends TLS passes calls on. */
describe("the console's cookie", () => {
  const actors = useSharedGateway('postgres');

  const call = (method: string, headers: Readonly<Record<string, string>>, body?: object) =>
    actors.gateway.as(undefined).call(method, '/dashboard/session', { headers, ...(body && { body }) });
  const signIn = async (headers: Readonly<Record<string, string>>): Promise<string> => {
    const { status, headers: answered } = await call('POST', headers, { key: actors.address.apiKey });
    expect(status).toBe(201);
    return answered.get('set-cookie') ?? '';
  };
  const tokenOf = (cookie: string): string => /=([^;]+)/.exec(cookie)?.[1] ?? '';

  it('has a name behind TLS that no neighbour can set, and meets what browsers ask of such a name', async () => {
    const cookie = await signIn(TLS);
    // `__Host-`: only with `Secure`, `Path=/` and without `Domain`.
    expect(cookie).toMatch(/^__Host-gateway_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    expect(await signIn({})).toMatch(/^gateway_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('counts by that name only, there and nowhere else', async () => {
    const own = tokenOf(await signIn(TLS));
    const planted = tokenOf(await signIn({}));
    const read = async (tls: object, cookie: string) => (await call('GET', { ...tls, ...OWN_PAGE, cookie })).status;
    expect(await read(TLS, `__Host-gateway_session=${own}`)).toBe(200);
    expect(await read(TLS, `gateway_session=${planted}`)).toBe(401);
    expect(await read({}, `gateway_session=${planted}`)).toBe(200);
    expect(await read({}, `__Host-gateway_session=${own}`)).toBe(401);
    // A sign-out ends the session of the cookie that counts.
    const both = `gateway_session=${planted}; __Host-gateway_session=${own}`;
    const signedOut = await call('DELETE', { ...TLS, ...OWN_PAGE, cookie: both });
    expect([signedOut.status, signedOut.headers.getSetCookie()]).toEqual([
      204,
      [expect.stringMatching(/^gateway_session=;.*Max-Age=0/), expect.stringMatching(/^__Host-.*Secure; Max-Age=0$/)],
    ]);
    expect(await read(TLS, `__Host-gateway_session=${own}`)).toBe(401);
    expect(await read({}, `gateway_session=${planted}`)).toBe(200);
  });
});
