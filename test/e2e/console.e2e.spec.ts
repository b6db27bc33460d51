import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, it } from '@jest/globals';
import { aMessage, eventually } from '@gateway/testing';
import type { Page } from 'playwright-core';
import { describeConsole, screenshots, useConsole } from '../support/console-stage.js';

/** Pictures of all screens, for people. */
const TAKES_SCREENSHOTS = process.env['SCREENSHOTS'] !== undefined;
const FIRST_LOAD_BYTES = 300_000;

describeConsole('the console', () => {
  const { actors, ids, complaints, elsewhere, open, visit, signIn } = useConsole();
  let page: Page;

  it('signs in with a key that works, opens the address that was asked for, and signs out', async () => {
    page = await open();
    await visit(page, `/messages/${ids.doubt}`);
    await signIn(page, 'gk_wrong_0123456789');
    await page.getByText('unknown, revoked or expired').waitFor();
    await signIn(page);
    await page.getByRole('heading', { level: 1, name: 'In doubt' }).waitFor();
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('input[type=password]').waitFor();
    await signIn(page);
    await page.getByRole('heading', { level: 1, name: 'In doubt' }).waitFor();
  });

  it('ends with its key, also in a page that is open', async () => {
    const { body } = await actors.gateway.post<{ id: string; key: string }>('/v1/api-keys', {
      name: 'for a while',
      scopes: ['messages:read'],
    });
    const other = await open();
    await visit(other, '/messages');
    await signIn(other, body.key);
    await other.getByRole('heading', { level: 1, name: 'Messages' }).waitFor();
    // Screens and acts beyond the scopes are not shown.
    expect(await other.getByRole('link', { name: 'Now', exact: true }).count()).toBe(0);
    expect(await other.getByRole('checkbox').count()).toBe(0);
    await actors.gateway.call('DELETE', `/v1/api-keys/${body.id}`);
    await other.locator('input[type=password]').waitFor({ timeout: 30_000 });
    await other.context().close();
  });

  it('takes the cookie only from its own pages', async () => {
    const cookies = await page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const ask = async (method: string, path: string, headers: Record<string, string>): Promise<number> =>
      (await actors.gateway.as(undefined).call(method, path, { headers: { cookie, ...headers } })).status;
    const { url } = actors.gateway;
    const cancel = `/v1/messages/${ids.campaign}/cancel`;
    expect(await ask('GET', '/v1/messages', {})).toBe(200);
    expect(await ask('GET', '/v1/messages', { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await ask('GET', '/queues', { 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await ask('POST', cancel, {})).toBe(403);
    expect(await ask('POST', cancel, { origin: 'https://evil.example' })).toBe(403);
    expect(await ask('POST', cancel, { 'sec-fetch-site': 'same-site', origin: url })).toBe(403);
    expect(await ask('POST', cancel, { origin: url })).toBe(409);
    expect(await ask('POST', cancel, { authorization: 'Bearer gk_wrong_0123456789', origin: url })).toBe(401);
  });

  it('is served without inline scripts, for no frame, and says what is missing', async () => {
    const { gateway } = actors;
    const answer = await gateway.call<string>('GET', '/dashboard/messages/anything');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const [script = ''] = /\/dashboard\/assets\/index-[^"]+\.js/.exec(answer.body) ?? [];
    expect((await gateway.call('GET', script)).headers.get('cache-control')).toContain('immutable');
    for (const path of ['/dashboard/assets/none.js', '/dashboard/none.js', '/dashboard/assets/..%2fmanifest.json']) {
      expect((await gateway.call('GET', path)).status).toBe(404);
    }
  });

  it('loads at most 300 kB before the first screen', () => {
    const html = readFileSync('dist/console/index.html', 'utf8');
    const files = [...html.matchAll(/\/dashboard\/(assets\/[^"]+\.(?:js|css))/g)].map(
      ([, file]) => `dist/console/${file}`,
    );
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
    expect(files.length).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES);
  });

  const screens = [
    ['/now', /^(Now|현황)$/],
    ['/messages', /^(Messages|메시지)$/],
    ['campaign', /=1\+1/],
    ['campaign?tab=recipients', /=1\+1/],
    ['campaign?tab=preview', /=1\+1/],
    ['campaign?tab=request', /=1\+1/],
    ['doubt', /In doubt/],
    ['/tail', /^(Live tail|실시간 이벤트)$/],
    ['/webhooks', /^(Webhooks|웹훅)$/],
    ['/webhooks/$webhook', /hooks/],
    ['/suppressions', /^(Suppressions|수신 제외)$/],
    ['/templates/$template', /^welcome$/],
    ['/audience', /^(Audience|주소록)$/],
    ['/audience/import', /^(Import contacts|연락처 가져오기)$/],
    ['/accounts/nhn', /^nhn$/],
    ['/routes', /^(Routes|경로)/],
    ['/keys', /^(API keys|API 키)$/],
    ['/statistics', /^(Statistics|통계)$/],
    ['/erasures', /^(Erasures|파기)$/],
    ['/erasures/$erasure', /^(Receipt of an erasure|파기 확인서)$/],
    ['/audit', /^(Audit|변경 기록)$/],
  ] as const;
  const pathOf = (screen: string): string =>
    screen.startsWith('/')
      ? screen.replace(/\$([a-z]+)/, (_, name) => ids[name as 'webhook'])
      : `/messages/${screen.replace(/^[a-z]+/, (name) => ids[name as 'campaign'])}`;

  /** From one screen to the next within the page, as by a link: nothing is loaded again. */
  function walk(seen: Page, path: string): Promise<unknown> {
    return seen.evaluate(`history.pushState({}, '', '/dashboard${path}')`);
  }

  /** On a phone, tables scroll by themselves: the page does not. */
  async function widthFault(seen: Page, screen: string): Promise<readonly string[]> {
    const full = seen.viewportSize() ?? { width: 1360, height: 900 };
    await seen.setViewportSize({ width: 390, height: 844 });
    const fits = 'document.documentElement.scrollWidth === innerWidth';
    // A chart is drawn again a moment later.
    const isFit = await seen.waitForFunction(fits, undefined, { timeout: 5000 }).then(
      () => true,
      () => false,
    );
    const width = await seen.evaluate('document.documentElement.scrollWidth');
    if (TAKES_SCREENSHOTS)
      await seen.screenshot({ path: join(screenshots, `${screen.replaceAll(/\W+/g, '-')}-390.png`) });
    await seen.setViewportSize(full);
    return isFit ? [] : [`${screen}: ${String(width)} wide on a phone`];
  }

  it.each([
    ['ko-KR', 'light', visit],
    ['en-US', 'dark', walk],
  ] as const)(
    'has no fault that axe finds, and shows what callers write as text, in %s and %s',
    async (locale, colorScheme, goTo) => {
      const seen = await open({ locale, colorScheme });
      await visit(seen, '/now');
      await seen.locator('input[type=password]').waitFor();
      const found: string[] = [];
      let hasLostFrame = false;
      const inspect = async (name: string): Promise<void> => {
        const path = join(screenshots, `${name.replaceAll(/\W+/g, '-')}-${locale}.png`);
        if (TAKES_SCREENSHOTS) await seen.screenshot({ path, fullPage: true });
        // axe waits for its script in every frame, and in that of the mail no script runs.
        hasLostFrame = await seen.evaluate(
          "[...document.querySelectorAll('iframe')].map((it) => it.remove()).length > 0",
        );
        // All is in one frame: without the legacy mode each look opens a page, and with it a process, to join frames.
        const { violations } = await new AxeBuilder({ page: seen })
          .setLegacyMode()
          .options({ resultTypes: ['violations'] })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
          .analyze();
        found.push(...violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map(({ html }) => html).join(' ')}`));
      };
      await inspect('sign-in');
      await signIn(seen);
      // Another address at once would end the request that signs in.
      await seen.locator('input[type=password]').waitFor({ state: 'detached' });
      for (const [screen, heading] of screens) {
        // The page would miss the frame that it made.
        await (hasLostFrame ? visit : goTo)(seen, pathOf(screen));
        await seen.getByRole('heading', { level: 1, name: heading }).waitFor();
        await seen
          .getByRole('status', { name: /^(Loading|불러오는)/ })
          .first()
          .waitFor({ state: 'detached' });
        if (screen === 'campaign') await seen.getByText('<img src=x').first().waitFor();
        expect([screen, await seen.evaluate('window.broken')]).toEqual([screen, undefined]);
        await inspect(screen);
        found.push(...(await widthFault(seen, screen)));
      }
      expect(found).toEqual([]);
      await seen.context().close();
    },
    240_000,
  );

  it('is used by keyboard alone: find, walk, open, go back, change the time zone', async () => {
    await visit(page, '/messages');
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('subject:doubt');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=subject/);
    await page.getByRole('row', { name: /=1\+1/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /In doubt/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'In doubt' }).waitFor();
    await page.getByText('is asked whether it has a request').waitFor();
    const at = (): Promise<string> => page.locator('main time').last().innerText();
    const before = await at();
    await page.keyboard.press('z');
    expect(await at()).not.toBe(before);
    await page.keyboard.press('z');
    await page.keyboard.press('Escape');
    await page.waitForURL(/q=subject/);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.locator('input[aria-label="Go to or find"]:focus').waitFor();
    await page.keyboard.type(ids.campaign);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(ids.campaign));
  });

  it('shows what is wrong first, and the verb cures it', async () => {
    await visit(page, '/now');
    const problems = page.getByRole('region', { name: 'Open problems' });
    await problems.getByText('Account nhn is paused').waitFor();
    await problems.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await problems.getByText('Account nhn is paused').waitFor({ state: 'detached' });
    const message = async () =>
      (await actors.gateway.get<{ data: { status: string }[] }>('/v1/messages?subject=waits')).data[0];
    await eventually(async () => expect((await message())?.status).toBe('completed'));
  });

  it('exports what is shown, with formulas defused', async () => {
    await visit(page, '/messages?q=account:ncp');
    await page.getByRole('row', { name: /=1\+1/ }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    const csv = readFileSync(await download.path(), 'utf8');
    expect(csv.split('\r\n')[0]).toContain('id,createdAt,status');
    expect(csv).toContain(`"'=1+1 <img`);
    expect(csv).not.toContain('It waits');
  });

  it('redrives many after counting them', async () => {
    await visit(page, '/messages?q=status:partially_failed');
    await page.getByRole('checkbox', { name: 'Choose all on this page' }).check();
    await page.getByRole('button', { name: 'Send again' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('12 failed recipients of 1 message').waitFor();
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    const { data } = await actors.gateway.get<{ data: { redriveOf: string | null }[] }>('/v1/messages');
    expect(data.filter(({ redriveOf }) => redriveOf !== null)).toEqual([]);
  });

  it('lets an administrator of the gateway look at another client, and no one else', async () => {
    const { gateway } = actors;
    const made = await gateway.post<{ key: string }>('/v1/api-keys', {
      client: 'billing',
      name: 'receipts',
      scopes: ['messages:write', 'messages:read', 'admin'],
    });
    const billing = gateway.as(made.body.key);
    await billing.post('/v1/messages', aMessage().saying('Of billing', '<p>x</p>').with({ provider: 'ncp' }).build());
    await visit(page, '/messages?q=client:billing');
    await page.getByRole('row', { name: /Of billing/ }).waitFor();
    expect(await page.getByRole('row', { name: /In doubt/ }).count()).toBe(0);
    await visit(page, '/messages?q=client:unknown');
    await page.getByText('Not a client that you may look at').waitFor();
    await visit(page, '/messages?q=client:default');
    await page.getByRole('row', { name: /In doubt/ }).waitFor();
    const signedIn = await gateway.as(undefined).post('/dashboard/session', { key: made.body.key });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const look = { body: { client: 'default' }, headers: { cookie, origin: gateway.url } };
    expect((await gateway.as(undefined).call('PATCH', '/dashboard/session', look)).status).toBe(403);
  });

  it('shows events as they happen, and resumes after a pause without a gap', async () => {
    await visit(page, '/tail?types=message.accepted');
    const live = page.getByRole('region', { name: 'Live tail' });
    await page.getByText(/0 events received/).waitFor();
    const send = (subject: string): Promise<unknown> =>
      actors.gateway.post('/v1/messages', aMessage().saying(subject, '<p>x</p>').with({ provider: 'nhn' }).build());
    await page.waitForTimeout(500);
    await send('one');
    await page.getByText(/1 event received/).waitFor();
    await page.keyboard.press('p');
    await page.getByText(/paused; it resumes/).waitFor();
    await send('two');
    await page.keyboard.press('p');
    await page.getByText(/2 events received/).waitFor();
    expect(await live.getByRole('row').count()).toBe(3);
  });

  it('takes an address off the list', async () => {
    await visit(page, '/suppressions?address=gone@example.com');
    await page.getByRole('button', { name: 'Take off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take off' }).click();
    await page.getByText('No address matches').waitFor();
    const { data } = await actors.gateway.get<{ data: unknown[] }>('/v1/suppressions?address=gone@example.com');
    expect(data).toEqual([]);
  });

  it('tests a webhook, and counts a replay of the last hour before it is sent', async () => {
    await visit(page, `/webhooks/${ids.webhook}`);
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Test' }).click();
    await page.getByRole('dialog').getByText('404').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Replay' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Replay' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Count (sends nothing)' }).click();
    await dialog.getByText(/events? in \d+ requests?/).waitFor();
    await page.keyboard.press('Escape');
  });

  it('stops an account only with a reason, and the audit names who did it', async () => {
    await visit(page, '/accounts/nhn');
    await page.getByRole('button', { name: 'Pause' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
    await dialog.getByLabel(/^Reason/).fill('maintenance');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('maintenance').waitFor();
    await visit(page, '/audit?action=provider.pause&target=nhn');
    await page.getByRole('row', { name: /maintenance/ }).waitFor();
    await actors.gateway.post('/v1/providers/nhn/resume', {});
  });

  it('shows a new key once, and signs in with it', async () => {
    await visit(page, '/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('from the console');
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    const key = await page.getByRole('dialog').locator('code').innerText();
    expect((await actors.gateway.as(key).call('GET', '/v1/messages')).status).toBe(200);
    await page.getByRole('button', { name: 'Stored. Close' }).click();
    await page.getByRole('row', { name: /from the console/ }).waitFor();
    expect(await page.content()).not.toContain(key);
  });

  it('imports contacts, and hands the wrong rows back with formulas defused', async () => {
    await visit(page, '/audience/import');
    const csv = 'externalId,name,address,groups\nu1,Kim,kim.new@example.com,vip\n=1+1,Lee,no-address,vip\n';
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByLabel('File').click()]);
    await chooser.setFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('1 new, 0 updated, 1 left out').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save 1 wrong row as CSV' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain(`3,/address,invalid_address`);
    expect(readFileSync(await download.path(), 'utf8')).toContain(`"'=1+1,Lee`);
  });

  it('asks no one but the gateway, and the browser has no complaints', () => {
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
