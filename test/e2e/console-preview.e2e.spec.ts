import { beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, unique, useSharedGateway } from '@gateway/testing';

const ATTACK = '<script>window.broken=1</script><img src=x onerror="window.broken=1">';

describe('the preview of a mail in the console', () => {
  const actors = useSharedGateway('postgres');
  const read = (id: string, key: string | undefined = actors.address.apiKey) =>
    actors.gateway.as(key).call<string>('GET', `/dashboard/preview/messages/${id}`);
  let html: string;
  let text: string;

  beforeAll(async () => {
    const { gateway } = actors;
    html = (await gateway.send(aMessage().saying('Hi', `<p>${ATTACK}</p>`))).id;
    text = (await gateway.send(aMessage().with({ html: undefined, text: `1 < 2 && ${ATTACK}` }))).id;
  });

  it('may do nothing in the page that frames it: no script, no form, no request, no other frame', async () => {
    const { status, headers, body } = await read(html);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy.split('; ').sort()).toEqual([
      "default-src 'none'",
      "frame-ancestors 'self'",
      'img-src data:',
      'sandbox',
      "style-src 'unsafe-inline'",
    ]);
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    // The mail as it is: that it can do nothing is the policy's business.
    expect(body).toContain(ATTACK);
  });

  it('shows a text as text', async () => {
    const { body } = await read(text);
    expect(body).toContain('1 &lt; 2 &amp;&amp; &lt;script&gt;');
    expect(body).not.toContain('<script>');
  });

  it('shows a text of half a megabyte whole', async () => {
    const long = `<p>${'가'.repeat(160_000)}</p>`;
    const { id } = await actors.gateway.send(aMessage().saying('Long', long));
    const { status, body } = await read(id);
    expect([status, body.includes(long)]).toEqual([200, true]);
  });

  it('is there for keys of the client with the scope, and for no one else', async () => {
    const { gateway } = actors;
    const make = async (client: string | undefined, ...scopes: string[]): Promise<string> =>
      (await gateway.post<{ key: string }>('/v1/api-keys', { client, name: unique('key-'), scopes })).body.key;
    expect((await read(html, await make(undefined, 'messages:read'))).status).toBe(200);
    expect((await read(html, await make(undefined, 'messages:write'))).status).toBe(403);
    expect((await read(html, await make(unique('client-'), 'messages:read'))).status).toBe(404);
    expect((await gateway.as(undefined).call('GET', `/dashboard/preview/messages/${html}`)).status).toBe(401);
  });

  it.each(['msg_01h455vb4pex5vsknk084sn02q', 'nonsense', '..%2f..%2fv1%2fmessages', '%00'])(
    'answers 404 for %s',
    async (id) => {
      expect((await read(id)).status).toBe(404);
    },
  );
});
