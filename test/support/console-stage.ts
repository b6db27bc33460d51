import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { aMessage, eventually, useOwnGateway } from '@gateway/testing';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const MISSING = `${CHROMIUM} is not on this machine: the console is not opened (apt install chromium)`;
/** A caller may write this anywhere; it must stay text. */
export const ATTACK = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';

export const screenshots = join(tmpdir(), 'gateway-console');

const present = existsSync(CHROMIUM);
if (!present && process.env['CI']) throw new Error(MISSING);
if (!present) process.emitWarning(MISSING);

/** Skipped on a machine without Chromium. */
export const describeConsole = present ? describe : describe.skip;

type OwnActors = ReturnType<typeof useOwnGateway>;

interface Ids {
  campaign: string;
  doubt: string;
  webhook: string;
  template: string;
  erasure: string;
}

/** A gateway with something on every screen, a browser, and what the browser complained about. */
export interface Console {
  readonly actors: OwnActors;
  readonly ids: Ids;
  readonly complaints: string[];
  /** Requests to another origin. */
  readonly elsewhere: string[];
  readonly open: (options?: BrowserContextOptions) => Promise<Page>;
  readonly visit: (page: Page, path: string) => Promise<unknown>;
  readonly signIn: (page: Page, key?: string) => Promise<void>;
}

export function useConsole(): Console {
  const actors = useOwnGateway();
  const ids: Ids = { campaign: '', doubt: '', webhook: '', template: '', erasure: '' };
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  let browser: Browser | undefined;
  beforeAll(async () => {
    execFileSync(process.execPath, ['scripts/console.mjs']);
    mkdirSync(screenshots, { recursive: true });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    await stage(actors, ids);
  }, 120_000);
  afterAll(() => browser?.close());

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    if (browser === undefined) throw new Error('the browser has not started');
    const context = await browser.newContext({
      viewport: { width: 1360, height: 900 },
      locale: 'en-US',
      acceptDownloads: true,
      ...options,
    });
    const opened = await context.newPage();
    const own = actors.gateway.url;
    opened.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(own)) elsewhere.push(request.url());
    });
    opened.on('console', (message) => {
      // Before the sign-in a 401 is right, and a mail's scripts and pictures are blocked.
      const isExpected = /401|\/dashboard\/preview/.test(message.text());
      if (message.type() === 'error' && !isExpected) complaints.push(message.text());
    });
    opened.on('pageerror', (error) => complaints.push(error.message));
    return opened;
  }

  const visit = (page: Page, path: string): Promise<unknown> => page.goto(`${actors.gateway.url}/dashboard${path}`);

  async function signIn(page: Page, key = actors.address.apiKey): Promise<void> {
    await page.locator('input[type=password]').fill(key);
    await page.keyboard.press('Enter');
  }

  return { actors, ids, complaints, elsewhere, open, visit, signIn };
}

/** A campaign with bounces, an account that is out of order, and a request whose answer never came. */
async function stage(actors: OwnActors, ids: Ids): Promise<void> {
  const { gateway, simulator } = actors;
  const addresses = Array.from(
    { length: 120 },
    (_, i) => `${i % 10 === 3 ? 'bounce+mailbox_full' : 'user'}.${i}@example.com`,
  );
  const campaign = aMessage()
    .saying(`=1+1 ${ATTACK}`, `<h1>${ATTACK}</h1>`)
    .with({
      category: 'marketing',
      provider: 'ncp',
      to: undefined,
      from: { address: 'shop@example.com', name: ATTACK },
      recipients: addresses.map((address) => ({ address, name: ATTACK.slice(0, 60) })),
      tags: [ATTACK],
      metadata: { note: ATTACK },
    });
  ids.campaign = (await gateway.deliver(campaign)).id;
  await simulator.trouble({ kind: 'accept_then_drop', provider: 'ncp', operation: 'send', times: 1 });
  await simulator.trouble({ kind: 'hang', provider: 'ncp', operation: 'list', times: -1 });
  const doubtful = aMessage().saying('In doubt', '<p>x</p>').with({ provider: 'ncp' }).build();
  ids.doubt = (await gateway.post<{ id: string }>('/v1/messages', doubtful)).body.id;
  await gateway.post('/v1/providers/nhn/pause', { reason: ATTACK });
  await gateway.post('/v1/messages', aMessage().saying('It waits', '<p>x</p>').with({ provider: 'nhn' }).build());
  await furnish(actors, ids);
  const states = () => gateway.get<{ counts: Record<string, number> }>(`/v1/messages/${ids.doubt}`);
  await eventually(async () => expect((await states()).counts['unconfirmed']).toBe(1));
}

/** Something for every list, with the attack in each field that takes it. */
async function furnish({ gateway }: OwnActors, ids: Ids): Promise<void> {
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await gateway.post<{ id: string }>(path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  ids.webhook = await make('/v1/webhook-endpoints', { url: `${gateway.url}/hooks`, description: ATTACK });
  ids.template = await make('/v1/templates', {
    name: 'welcome',
    from: { address: 'shop@example.com', name: ATTACK.slice(0, 60) },
    subject: `{{name}} ${ATTACK}`,
    html: `<style>h1{color:#a00}</style><h1 style="margin:0">{{name}}</h1>${ATTACK}`,
    description: ATTACK,
  });
  await make('/v1/suppressions', { addresses: ['gone@example.com'], scope: 'all', reason: ATTACK });
  await make('/v1/groups', { name: 'vip' });
  await make('/v1/contacts', { name: ATTACK, addresses: ['kim@example.com'], groups: ['vip'] });
  const [account] = (await gateway.get<{ data: { name: string }[] }>('/v1/providers')).data;
  const routes = [{ name: ATTACK, match: { tags: ['none'] }, use: [{ account: account?.name, weight: 1 }] }];
  await gateway.call('PUT', '/v1/routes', { body: { version: 0, routes } });
  ids.erasure = await make('/v1/erasures', { addresses: ['no.one@example.com'], reason: ATTACK.slice(0, 60) });
}
