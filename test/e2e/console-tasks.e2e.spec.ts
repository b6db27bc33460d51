import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aMessage, eventually } from '@gateway/testing';
import type { Download, Locator, Page } from 'playwright-core';
import { describeConsole, screenshots, useConsole } from '../support/console-stage.js';

/** Acts of an operator from the sign-in to the end of a task. */
const MOST_STEPS = 5;
const DAY_MS = 86_400_000;
/** Milliseconds: a screen asks again within 15 s, on a busy machine. */
const PATIENT = { timeout: 60_000 };

describeConsole('an operator', () => {
  const { actors, ids, open, visit, signIn } = useConsole();
  let page: Page;
  let steps = 0;

  beforeAll(async () => {
    page = await open();
    await visit(page, '/');
    await signIn(page);
    await page.getByRole('heading', { level: 1, name: 'Now' }).waitFor();
  });

  const press = async (target: Locator): Promise<void> => {
    steps += 1;
    await target.click();
  };
  /** Words and Enter are one step. */
  const write = async (target: Locator, text: string): Promise<void> => {
    steps += 1;
    await target.fill(text);
    await target.press('Escape');
    await target.press('Enter');
  };
  const menu = (name: string): Promise<void> => press(page.getByRole('link', { name, exact: true }));
  const button = (name: string | RegExp): Locator => page.getByRole('main').getByRole('button', { name });
  const answer = (name: string): Locator => page.getByRole('dialog').getByRole('button', { name, exact: true });
  const row = (name: RegExp): Locator => page.getByRole('row', { name });
  const line = (): Locator => page.locator('[data-filter]').first();
  const download = async (target: Locator): Promise<Download> => {
    const [file] = await Promise.all([page.waitForEvent('download'), press(target)]);
    return file;
  };
  const shoot = (name: string): Promise<unknown> => page.screenshot({ path: join(screenshots, `${name}.png`) });

  describe('needs at most five steps', () => {
    beforeEach(async () => {
      // Where the sign-in leads.
      await visit(page, '/');
      await page.getByRole('heading', { level: 1, name: 'Now' }).waitFor();
      steps = 0;
    });
    afterEach(() => {
      expect(steps).toBeGreaterThan(0);
      expect(steps).toBeLessThanOrEqual(MOST_STEPS);
    });

    it('to find the mail of a customer', async () => {
      await menu('Messages');
      await write(line(), 'to:user.5@example.com');
      await row(/In doubt/).waitFor({ state: 'detached' });
      await row(/=1\+1/).waitFor();
    });

    it('to learn why a message is late', async () => {
      await menu('Messages');
      await write(line(), 'subject:doubt');
      await press(row(/In doubt/));
      await page.getByText('The provider did not answer a request').waitFor();
    });

    it('to see what is wrong with an account', async () => {
      await menu('Accounts');
      await press(row(/nhn/));
      await page.getByRole('heading', { level: 1, name: 'nhn' }).waitFor();
      await page.getByText('paused', { exact: true }).first().waitFor();
    });

    it('to learn who paused an account', async () => {
      await menu('Audit');
      await write(page.getByLabel('Action'), 'provider.pause');
      await press(row(/nhn/));
      await page.getByRole('dialog').getByText(/^key_/).waitFor();
    });

    it('to stop a campaign', async () => {
      await menu('Messages');
      await write(line(), 'subject:waits');
      await press(row(/It waits/));
      await press(button('Cancel').first());
      await press(answer('Cancel'));
      const found = () => actors.gateway.get<{ data: { status: string }[] }>('/v1/messages?subject=waits');
      await eventually(async () => expect((await found()).data[0]?.status).toBe('cancelled'));
    });

    it('to send to the failed alone again', async () => {
      await menu('Messages');
      await press(button('Partially failed'));
      await press(row(/=1\+1/));
      await press(button('Send again to the failed').first());
      await page.getByRole('dialog').getByText('12 failed recipients').waitFor();
      await press(answer('Send again to the failed'));
      await page.getByText('Redrive of').waitFor();
      const [again] = await actors.gateway.all<{ redriveOf: string | null; recipientCount: number }>('/v1/messages');
      expect(again).toMatchObject({ redriveOf: ids.campaign, recipientCount: 12 });
    });

    it('to take an address off the suppression list', async () => {
      await menu('Suppressions');
      await write(page.getByLabel('Address', { exact: true }), 'gone@example.com');
      await press(row(/g\*\*\*@example\.com/).getByRole('button', { name: 'Take off' }));
      await press(answer('Take off'));
      await page.getByText('No address matches').waitFor();
    });

    it('to see the bounces of a day by domain', async () => {
      await menu('Statistics');
      await row(/^example\.com .*\b12\b/).waitFor();
      await shoot('statistics');
      await press(button('Yesterday'));
      await page.getByText('There is no mail in this time').waitFor();
      await press(button('Today'));
      await row(/^example\.com .*\b12\b/).waitFor();
    });

    it('to send the webhooks of the last hour again', async () => {
      await menu('Webhooks');
      await press(row(/127\.0\.0\.1/));
      await press(button('Replay'));
      await press(answer('Count (sends nothing)'));
      await page
        .getByRole('dialog')
        .getByText(/events? in \d+ requests?/)
        .waitFor();
      await shoot('replay');
      await press(answer('Replay'));
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    });

    it('to export what a search finds', async () => {
      await menu('Messages');
      await write(line(), 'status:partially_failed');
      await row(/In doubt/).waitFor({ state: 'detached' });
      const file = await download(button('Download CSV'));
      expect(readFileSync(await file.path(), 'utf8')).toContain(ids.campaign);
    });
  });

  it('releases what another key has sent, and not what the own key has sent', async () => {
    const { body } = await actors.gateway.post<{ key: string }>('/v1/api-keys', {
      name: 'new colleague',
      scopes: ['messages:write', 'messages:read'],
      needsRelease: true,
    });
    const own = actors.gateway.as(body.key);
    const held = [
      await own.send(aMessage().saying('Held one', '<p>x</p>')),
      await own.send(aMessage().saying('Held two', '<p>x</p>')),
    ];
    const other = await open();
    await visit(other, `/messages/${held[0]?.id}`);
    await signIn(other, body.key);
    await other.getByRole('button', { name: 'Release' }).first().click();
    await other.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await other.getByText('The key that sent a message cannot release it').waitFor();
    await other.screenshot({ path: join(screenshots, 'release-same-key.png') });
    await other.context().close();

    await visit(page, '/now');
    const problems = page.getByRole('region', { name: 'Open problems' });
    const waiting = problems.getByRole('listitem').filter({ hasText: /Messages that wait for their release: \d/ });
    await waiting.waitFor(PATIENT);
    await shoot('now-held');
    await waiting.getByRole('link', { name: 'Show' }).click();
    await row(/In doubt/).waitFor({ state: 'detached' });
    await row(/Held one/).waitFor();
    await write(line(), 'status:held subject:"Held "');
    await page.getByRole('checkbox', { name: 'Choose all on this page' }).check();
    await button('Release').click();
    await page.getByRole('dialog').getByText('Releases 2 held messages to 2 recipients').waitFor();
    await shoot('release-many');
    await answer('Release').click();
    await page.getByText('2 done, 0 refused').waitFor();
    for (const { id } of held) expect((await actors.gateway.message(id)).status).not.toBe('held');
  });

  it('erases a person after a count and a typed word, and keeps the receipt', async () => {
    const person = 'one.who.asked@example.com';
    await visit(page, '/erasures');
    await button('Request an erasure').click();
    await actors.gateway.post('/v1/contacts', { name: 'Erika', addresses: [person] });
    const dialog = page.getByRole('dialog');
    const erase = dialog.getByRole('button', { name: /^Erase/ });
    await dialog.getByLabel('Addresses').fill(person);
    await dialog.getByLabel('Reason').fill('request 2026-117');
    expect(await erase.isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Count (erases nothing)' }).click();
    await dialog.getByRole('row', { name: /^Contacts 1$/ }).waitFor();
    expect(await erase.isDisabled()).toBe(true);
    await dialog.getByLabel(/^An erasure cannot be undone/).fill('erase');
    await shoot('erasure-request');
    // Another address needs another count.
    await dialog.getByLabel('Addresses').fill(`${person} lee@example.com`);
    expect(await erase.isDisabled()).toBe(true);
    await dialog.getByLabel('Addresses').fill(person);
    await erase.click();
    await page.getByRole('heading', { level: 1, name: 'Receipt of an erasure' }).waitFor();
    await page.getByText('Hash of the receipt').waitFor(PATIENT);
    await shoot('erasure-receipt');
    expect(await page.content()).not.toContain(person);
    const file = await download(button('Download JSON'));
    const { sha256, requestedBy, ...receipt } = JSON.parse(readFileSync(await file.path(), 'utf8'));
    expect(requestedBy).toMatch(/^key_/);
    expect(
      createHash('sha256')
        .update(JSON.stringify(sorted(receipt)))
        .digest('hex'),
    ).toBe(sha256);
    expect(receipt).toMatchObject({ status: 'completed', pending: 0, counts: { contacts: 1 } });
  });

  it('makes and changes a webhook endpoint; a wrong field is named at the field', async () => {
    await visit(page, '/webhooks');
    await button('New endpoint').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('URL').fill('https://10.0.0.1/hook');
    await dialog.getByLabel('Events', { exact: true }).fill('message.lost');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await expectFault(dialog.getByLabel('Events', { exact: true }));
    await dialog.getByLabel('Events', { exact: true }).fill('message.completed');
    await dialog.getByLabel('URL').fill(`${actors.gateway.url}/made-in-the-console`);
    await dialog.getByRole('button', { name: 'Create' }).click();
    const secret = page.getByRole('dialog', { name: 'Secret of the webhook' });
    expect(await secret.locator('code').innerText()).toMatch(/^whsec_/);
    await shoot('webhook-secret');
    await secret.getByRole('button').last().click();
    await row(/made-in-the-console/).click();
    await button('Edit').click();
    await dialog.getByLabel('Description').fill('Orders');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Orders', { exact: true }).waitFor();
    const made = (await actors.gateway.all<{ url: string }>('/v1/webhook-endpoints')).find(({ url }) =>
      /made-in/.test(url),
    );
    expect(made).toMatchObject({ description: 'Orders', events: ['message.completed'] });
  });

  it('makes a template, and a second version of it; not over one that was saved meanwhile', async () => {
    await visit(page, '/templates');
    await page.getByRole('main').getByText('New template', { exact: true }).click();
    await page.getByLabel('Name').fill('from the console');
    await page.getByLabel('Sender').fill('shop@example.com');
    await page.getByLabel('Subject').fill('Order {{order}}');
    await page.getByLabel('HTML body').fill('<p>Hello {{name}}</p>');
    await shoot('template-edit');
    await button(/^(Create|Save)/).click();
    await page.getByRole('heading', { level: 1, name: 'from the console' }).waitFor();
    const find = async () =>
      (await actors.gateway.all<{ id: string; name: string; version: number; subject: string }>('/v1/templates')).find(
        ({ name }) => name === 'from the console',
      );
    const made = await find();
    expect(made).toMatchObject({ version: 1, subject: 'Order {{order}}' });
    await page.getByRole('main').getByText('Edit', { exact: true }).click();
    await page.getByLabel('Subject').fill('Your order {{order}}');
    await button('Save as a new version').click();
    await page.getByRole('heading', { level: 1, name: 'from the console', exact: true }).waitFor();
    expect(await find()).toMatchObject({ version: 2, subject: 'Your order {{order}}' });

    await page.getByRole('main').getByText('Edit', { exact: true }).click();
    await page.getByLabel('Subject').fill('Mine');
    await actors.gateway.call('PATCH', `/v1/templates/${made?.id}`, { body: { subject: 'Theirs' } });
    await button('Save as a new version').click();
    await page
      .getByText(/changed meanwhile|meanwhile/i)
      .first()
      .waitFor();
    await shoot('template-conflict');
    expect(await find()).toMatchObject({ version: 3, subject: 'Theirs' });
  });

  it('makes a group and a contact in it, and changes them', async () => {
    await visit(page, '/audience');
    const dialog = page.getByRole('dialog');
    await button('New group').click();
    await dialog.getByLabel('Name').fill('gold buyers?');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await expectFault(dialog.getByLabel('Name'));
    await dialog.getByLabel('Name').fill('gold');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await row(/^gold /).waitFor();
    await button('New contact').click();
    await dialog.getByLabel('Name').fill('Park');
    await dialog.getByLabel('Addresses').fill('park.console@example.com');
    await dialog.getByLabel('Groups').fill('gold');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await row(/Park/).waitFor();
    expect(await page.content()).not.toContain('park.console@');
    const [contact] = await actors.gateway.all<{ groups: string[] }>('/v1/contacts', {
      address: 'park.console@example.com',
    });
    expect(contact).toMatchObject({ name: 'Park', groups: ['gold'] });
  });

  /** The field is marked, and says what is wrong. */
  async function expectFault(field: Locator): Promise<void> {
    await page.locator('[aria-invalid=true]').first().waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const described = ((await field.getAttribute('aria-describedby')) ?? '').split(' ').filter((id) => id !== '');
    const words = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).innerText()));
    expect(words.join(' ')).toMatch(/.{10,}/);
  }

  it('sees the gateway’s time with a clock that is wrong by days', async () => {
    for (const wrong of [-3 * DAY_MS, 3 * DAY_MS]) {
      const other = await open();
      await other.addInitScript(`{
        const Right = Date;
        globalThis.Date = class extends Right {
          constructor(...given) { given.length === 0 ? super(Right.now() + ${wrong}) : super(...given); }
          static now() { return Right.now() + ${wrong}; }
        };
      }`);
      await visit(other, '/messages?q=after:1h');
      await signIn(other);
      await other.getByRole('row', { name: /In doubt/ }).waitFor();
      await other.goto(`${actors.gateway.url}/dashboard/now`);
      await other.getByText(/^As of \d+ s ago$/).waitFor();
      await other.context().close();
    }
  });

  it('goes on by itself after a restart of the gateway', async () => {
    await visit(page, '/messages');
    await row(/In doubt/).waitFor();
    await actors.running.end('api');
    await page.getByText('This is the last answer. Connecting again.').waitFor(PATIENT);
    await row(/In doubt/).waitFor();
    await shoot('gateway-away');
    await actors.running.start('api');
    await page.getByText('This is the last answer. Connecting again.').waitFor({ state: 'detached', ...PATIENT });
    await actors.gateway.post('/v1/messages', aMessage().saying('After the restart', '<p>x</p>').build());
    await row(/After the restart/).waitFor(PATIENT);
    await page.getByText('live', { exact: true }).first().waitFor(PATIENT);
  }, 180_000);
});

/** The members of all objects in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
