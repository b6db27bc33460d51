import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EgressGuard, type Resolve } from './egress-guard.js';
import { postGuarded, type GuardedOutcome } from './guarded-request.js';
import type { TargetPolicy } from './target-policy.js';

const NOTHING: TargetPolicy = { allowCidrs: [], allowHosts: [], allowPorts: [[443, 443]], loopback: false, own: [] };

/** Hosts that no policy allows, as they may be written in a URL. */
const NEVER = [
  '0.0.0.0', '0', '0.1.2.3', '169.254.169.254', '169.254.0.1', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376',
  '169.254.43518', '0xa9.0xfe.0xa9.0xfe', '169.254.169.254.', '１６９.２５４.１６９.２５４', '100.100.100.200', '168.63.129.16', '192.0.0.192',
  '192.0.0.1', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.250',
  '240.0.0.1', '255.255.255.255', '[::]', '[fe80::1]', '[febf::1]', '[ff02::1]', '[ff05::2]', '[fec0::1]', '[100::1]',
  '[2001:db8::1]', '[2001:10::1]', '[4000::1]', '[fd00:ec2::254]', '[fd20:ce::254]', '[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]',
  '[::169.254.169.254]', '[::ffff:0:169.254.169.254]', '[64:ff9b::169.254.169.254]', '[64:ff9b:1::a9fe:a9fe]',
  '[64:ff9b:1:a9fe:a9:fe00::]', '[2002:a9fe:a9fe::1]', '[2001:0:a9fe:a9fe:0:0:f7f7:f7f7]', '[2001:0:808:808:0:0:5601:5601]',
  '[2606:4700::5efe:169.254.169.254]', '[2606:4700::200:5efe:a9fe:a9fe]', '[fe80::5efe:8.8.8.8]', '[::2]', '[::ffff:0.0.0.0]',
  '[::ffff:224.0.0.1]', 'metadata.google.internal', 'metadata.google.internal.',
]; // prettier-ignore

/** Hosts that an operator has to allow. */
const LOCAL = [
  '127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.1', '017700000001', '0177.0.0.1', '127.255.255.254',
  '127.0.0.1.', '①②⑦.⓪.⓪.①', '１２７.0.0.1', '127。0。0。1', 'localhost', 'LOCALHOST', 'localhost.', 'ｌｏｃａｌｈｏｓｔ', '10.0.0.1', '10.255.255.255',
  '172.16.0.1', '172.31.255.255', '192.168.1.1', '192.168.257', '0xc0a80101', '100.64.0.1', '100.127.255.255', '[::1]', '[0:0:0:0:0:0:0:1]',
  '[fc00::1]', '[fd12:3456::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:10.0.0.1]', '[::127.0.0.1]', '[::a00:1]',
  '[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b::10.0.0.1]', '[2002:7f00:1::]', '[2002:c0a8:101::1]',
  '[2001:0:7f00:1:0:0:f7f7:f7f7]', '[2606:4700::5efe:10.0.0.1]', 'internal.example', 'hooks.xn--3e0b707e.example',
]; // prettier-ignore

/** Hosts that are fine over https on port 443. */
const PUBLIC = [
  '8.8.8.8', '1.1.1.1', '134744072', '0x08080808', '172.15.0.1', '172.32.0.1', '192.167.0.1', '100.63.0.1', '100.128.0.1',
  '[2606:4700:4700::1111]', '[2001:4860:4860::8888]', '[::ffff:8.8.8.8]', '[64:ff9b::8.8.8.8]', '[2002:808:808::1]', 'public.example',
  '예시.example', 'public.example.',
]; // prettier-ignore

const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'internal.example': ['10.1.2.3'],
  'hooks.xn--3e0b707e.example': ['192.168.7.7'],
  'metadata.google.internal': ['8.8.8.8'],
  'public.example': ['8.8.8.8', '2606:4700:4700::1111'],
  'xn--vv4b11d.example': ['1.1.1.1'],
  'half.example': ['8.8.8.8', '10.0.0.1'],
  'strange.example': ['not an address'],
};

const resolve: Resolve = async (host) => {
  const found = NAMES[host.toLowerCase()];
  if (found !== undefined) return found;
  throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
};

const guardWith = (policy: Partial<TargetPolicy> = {}, more: Resolve = resolve, ca?: string): EgressGuard =>
  new EgressGuard({ policy: { ...NOTHING, ...policy }, resolve: more, ...(ca !== undefined && { ca }) });

const send = (guard: EgressGuard, url: string): Promise<GuardedOutcome> =>
  postGuarded(guard, { url: new URL(url), headers: {}, body: '{}' }, { wholeMs: 1500 });

const EVERYTHING: Partial<TargetPolicy> = {
  allowCidrs: ['0.0.0.0/0', '::/0'],
  allowHosts: ['metadata.google.internal'],
  allowPorts: [[1, 65_535]],
  loopback: true,
};

describe.each(['http', 'https'])('targets over %s', (scheme) => {
  it.each(NEVER)('never takes %s', async (host) => {
    const guard = guardWith(EVERYTHING);
    const url = `${scheme}://${host}/hook`;
    await expect(guard.check(new URL(url))).rejects.toMatchObject({ code: 'E_TARGET_FORBIDDEN' });
    expect(await send(guard, url)).toMatchObject({ address: null, error: { code: 'E_TARGET_FORBIDDEN' } });
  });

  it.each(LOCAL)('takes %s only if it is allowed', async (host) => {
    const url = new URL(`${scheme}://${host}/hook`);
    await expect(guardWith().check(url)).rejects.toMatchObject({ code: 'E_TARGET_FORBIDDEN' });
    expect(await send(guardWith(), url.href)).toMatchObject({ address: null, error: { code: 'E_TARGET_FORBIDDEN' } });
    await expect(guardWith(EVERYTHING).check(url)).resolves.toBeUndefined();
  });

  it.each(PUBLIC)('takes %s by default, over https', async (host) => {
    const check = guardWith().check(new URL(`${scheme}://${host}/hook`));
    if (scheme === 'https') await expect(check).resolves.toBeUndefined();
    else await expect(check).rejects.toMatchObject({ code: 'E_TARGET_FORBIDDEN' });
  });
});

describe('rules besides the address', () => {
  const fault = (url: string, policy: Partial<TargetPolicy> = {}): Promise<unknown> =>
    guardWith(policy)
      .check(new URL(url))
      .then(
        () => undefined,
        (error: { code: string }) => error.code,
      );

  it.each([
    ['https://user:secret@public.example/'],
    ['https://user@public.example/'],
    ['ftp://public.example/'],
    ['file:///etc/passwd'],
    ['https://public.example:8443/'],
    ['https://public.example:80/'],
    ['https://half.example/'],
    ['https://strange.example/'],
  ])('refuses %s', async (url) => {
    expect(await fault(url)).toBe('E_TARGET_FORBIDDEN');
  });

  it('takes a name that does not resolve yet', async () => {
    expect(await fault('https://later.example/')).toBeUndefined();
  });

  it('takes http and other ports only for a name that is resolved or listed', async () => {
    const allowed = { allowHosts: ['listed.example'], allowPorts: [[4000, 4000]] as const, allowCidrs: ['10.0.0.0/8'] };
    expect(await fault('http://later.example/', allowed)).toBe('E_TARGET_FORBIDDEN');
    expect(await fault('https://later.example:4000/', allowed)).toBe('E_TARGET_FORBIDDEN');
    expect(await fault('http://listed.example:4000/', allowed)).toBeUndefined();
    expect(await fault('http://listed.example/', allowed)).toBe('E_TARGET_FORBIDDEN');
  });

  it.each([
    ['http://10.0.0.1:8080/', { allowCidrs: ['10.0.0.0/8'], allowPorts: [[8000, 8999]] }, undefined],
    ['http://10.0.0.1:9000/', { allowCidrs: ['10.0.0.0/8'], allowPorts: [[8000, 8999]] }, 'E_TARGET_FORBIDDEN'],
    ['https://10.0.0.1/', { allowCidrs: ['10.0.0.0/8'] }, undefined],
    ['http://10.0.0.1/', { allowCidrs: ['10.0.0.0/8'] }, 'E_TARGET_FORBIDDEN'],
    ['https://11.0.0.1:8443/', { allowCidrs: ['10.0.0.0/8'], allowPorts: [[8443, 8443]] }, 'E_TARGET_FORBIDDEN'],
    ['https://[::ffff:10.0.0.1]/', { allowCidrs: ['10.0.0.0/8'] }, undefined],
    ['https://internal.example/', { allowHosts: ['internal.example'] }, undefined],
    ['https://internal.example/', { allowHosts: ['*.example'] }, undefined],
    ['https://internal.example/', { allowHosts: ['*.internal.example'] }, 'E_TARGET_FORBIDDEN'],
    ['https://10.0.0.1/', { allowHosts: ['internal.example'] }, 'E_TARGET_FORBIDDEN'],
    ['http://127.0.0.1:4000/', { loopback: true }, undefined],
    ['http://[::1]:4000/', { loopback: true }, undefined],
    ['http://10.0.0.1/', { loopback: true }, 'E_TARGET_FORBIDDEN'],
    ['http://127.0.0.1:5432/', { loopback: true, own: [{ host: 'localhost', port: 5432 }] }, 'E_TARGET_FORBIDDEN'],
    ['http://[::1]:5432/', { loopback: true, own: [{ host: '127.0.0.1', port: 5432 }] }, 'E_TARGET_FORBIDDEN'],
    ['http://localhost:5433/', { loopback: true, own: [{ host: '127.0.0.1', port: 5432 }] }, undefined],
    [
      'https://10.1.2.3:6379/',
      { allowCidrs: ['10.0.0.0/8'], allowPorts: [[6379, 6379]], own: [{ host: 'internal.example', port: 6379 }] },
      'E_TARGET_FORBIDDEN',
    ],
  ] as [string, Partial<TargetPolicy>, string | undefined][])('%s under %o: %s', async (url, policy, code) => {
    expect(await fault(url, policy)).toBe(code);
  });
});

describe('connections', () => {
  let tls: { cert: string; key: string };
  const servers: Server[] = [];
  const seen: string[] = [];
  let ports: Record<string, number>;

  const answer: RequestListener = (request, response) => {
    seen.push(request.headers.host ?? '');
    if (request.url === '/moved') response.writeHead(302, { location: 'http://127.0.0.1/', 'set-cookie': 'a=1' }).end();
    else if (request.url === '/endless') {
      response.writeHead(200);
      const more = (): void => void (response.writableEnded || response.write('x'.repeat(4096), more));
      response.on('close', () => response.end());
      more();
    } else if (request.url === '/hangs') response.writeHead(200).write('begins');
    else if (request.url !== '/silent') response.end('thanks');
  };

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'egress-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-keyout', key, '-out', cert, '-subj', '/CN=hooks.example'],
      ...['-addext', 'subjectAltName=DNS:hooks.example,IP:127.0.0.1'],
    ], { stdio: 'pipe' }); // prettier-ignore
    tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    servers.push(createHttpServer(answer), createHttpsServer(tls, answer));
    for (const server of servers) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const [http, https] = servers.map((server) => (server.address() as AddressInfo).port);
    ports = { http: http ?? 0, https: https ?? 0 };
  });

  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** A resolver whose answer changes from one question to the next. */
  const changing = (...answers: readonly string[][]): Resolve => {
    const left = [...answers];
    return async () => (left.length > 1 ? left.shift() : left[0]) ?? [];
  };

  describe.each(['http', 'https'])('over %s', (scheme) => {
    const url = (path = '/', host = 'hooks.example'): string => `${scheme}://${host}:${ports[scheme]}${path}`;
    const allowed = { allowHosts: ['hooks.example'], allowPorts: [[1, 65_535]] as const, loopback: true };

    it('connects to the address that was checked, under the name of the URL', async () => {
      const outcome = await send(guardWith(allowed, changing(['127.0.0.1'], ['10.9.9.9']), tls.cert), url());
      expect(outcome).toMatchObject({ address: '127.0.0.1', answer: { status: 200, body: 'thanks' } });
      expect(seen.at(-1)).toBe(`hooks.example:${ports[scheme]}`);
    });

    it('refuses a name whose answer becomes forbidden after the check', async () => {
      const [port, before] = [ports[scheme] ?? 0, seen.length];
      const policy = { allowCidrs: ['10.0.0.0/8'], allowPorts: [[port, port]] as const };
      const guard = guardWith(policy, changing(['10.0.0.1'], ['127.0.0.1']), tls.cert);
      await guard.check(new URL(url()));
      expect(await send(guard, url())).toMatchObject({ address: null, error: { code: 'E_TARGET_FORBIDDEN' } });
      expect(seen).toHaveLength(before);
    });

    it('checks a literal address as well', async () => {
      const before = seen.length;
      expect(await send(guardWith({}, resolve, tls.cert), url('/', '127.0.0.1'))).toMatchObject({
        address: null,
        error: { code: 'E_TARGET_FORBIDDEN' },
      });
      expect(seen).toHaveLength(before);
      const answered = await send(guardWith(allowed, resolve, tls.cert), url('/', '127.0.0.1'));
      expect(answered.answer?.status).toBe(200);
    });

    it('does not follow redirects', async () => {
      const before = seen.length;
      const outcome = await send(guardWith(allowed, changing(['127.0.0.1']), tls.cert), url('/moved'));
      expect(outcome.answer?.status).toBe(302);
      expect(seen).toHaveLength(before + 1);
    });

    it('reads 16 KiB of an answer without an end', async () => {
      const outcome = await send(guardWith(allowed, changing(['127.0.0.1']), tls.cert), url('/endless'));
      expect(outcome.answer?.status).toBe(200);
      expect(outcome.answer?.body).toHaveLength(16 * 1024);
    });

    it('takes the status of an answer that stops half-way', async () => {
      const outcome = await send(guardWith(allowed, changing(['127.0.0.1']), tls.cert), url('/hangs'));
      expect(outcome.answer).toMatchObject({ status: 200, body: 'begins' });
    });

    it('gives up on a server that is silent', async () => {
      const outcome = await send(guardWith(allowed, changing(['127.0.0.1']), tls.cert), url('/silent'));
      expect(outcome).toMatchObject({ answer: undefined, error: { code: 'E_TIMEOUT' } });
    });

    it('reports a port where no server listens', async () => {
      const guard = guardWith(allowed, changing(['127.0.0.1']), tls.cert);
      expect(await send(guard, `${scheme}://hooks.example:1/`)).toMatchObject({ error: { code: 'E_CONNECT' } });
    });
  });

  it('reports a name that does not resolve', async () => {
    expect(await send(guardWith(), 'https://later.example/')).toMatchObject({ error: { code: 'E_DNS' } });
  });

  it('refuses a certificate of another name, or of an unknown issuer', async () => {
    const policy = { allowHosts: ['*.example'], allowPorts: [[1, 65_535]] as const, loopback: true };
    const local = changing(['127.0.0.1']);
    const other = await send(guardWith(policy, local, tls.cert), `https://other.example:${ports['https']}/`);
    expect([other.error?.code, other.error?.message]).toEqual(['E_TLS', expect.stringContaining('ALTNAME')]);
    const unknown = await send(guardWith(policy, local), `https://hooks.example:${ports['https']}/`);
    expect(unknown.error?.code).toBe('E_TLS');
  });
});
