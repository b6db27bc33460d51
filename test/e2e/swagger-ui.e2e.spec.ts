import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actorsAt, freshDatabase, TestGateway, type Actors } from '@gateway/testing';
import { chromium, type Browser, type Locator, type Page, type Request } from 'playwright-core';
import { callsOf, type Call, type OpenApi } from '../support/open-api.js';

const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const MISSING = `${CHROMIUM} is not on this machine: the documentation is not pressed (apt install chromium)`;

const screenshots = join(tmpdir(), 'gateway-docs');
const present = existsSync(CHROMIUM);
if (!present && process.env['CI']) throw new Error(MISSING);
if (!present) process.emitWarning(MISSING);

(present ? describe : describe.skip)('Swagger UI', () => {
  // A gateway of its own: some calls change what others see, like a paused account.
  let running: TestGateway;
  let actors: Actors;
  let document: OpenApi;
  const requested: string[] = [];
  const complaints: string[] = [];
  const unanswered = new Set<string>();
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    running = await TestGateway.start({ databaseUrl: await freshDatabase() });
    actors = actorsAt(running.address);
    document = await actors.gateway.get<OpenApi>('/openapi.json');
    mkdirSync(screenshots, { recursive: true });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
    page.on('request', (request) => {
      requested.push(request.url());
      unanswered.add(`${request.method()} ${request.url()}`);
    });
    const answered = (request: Request): void => void unanswered.delete(`${request.method()} ${request.url()}`);
    page.on('requestfinished', answered);
    page.on('requestfailed', answered);
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${actors.gateway.url}/`);
    await page.locator('.opblock').first().waitFor();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await running?.stop();
  });

  const photograph = (name: string): Promise<unknown> => page.screenshot({ path: join(screenshots, `${name}.png`) });

  it('opens from the root and says that it is a sandbox', async () => {
    expect(new URL(page.url()).pathname).toBe('/docs');
    expect(await page.title()).toBe('Email gateway');
    expect(await page.locator('.info blockquote').innerText()).toContain('no mail leaves this machine');
    await photograph('page');
  });

  it('is authorized once, and still is after a reload', async () => {
    await page.locator('button.authorize').first().click();
    await page.locator('.dialog-ux input').fill(actors.address.apiKey);
    await page.locator('.dialog-ux button.authorize').click();
    await page.locator('.dialog-ux .btn-done').click();
    await page.reload();
    await page.locator('.auth-wrapper .authorize.locked').waitFor();
  });

  it('shows every call of the document', async () => {
    const shown = await page.locator('.opblock:not(.webhooks *)').evaluateAll((found) => found.map(({ id }) => id));
    expect([...shown].sort()).toEqual(callsOf(document).map(blockOf).sort());
  });

  it('makes a call of every shape work when it is pressed with its example', async () => {
    const calls = ofEveryShape(callsOf(document));
    expect(calls.length).toBeGreaterThanOrEqual(25);
    const wanted = new Set(calls.map(blockOf));
    const results: Record<string, string> = {};
    // Every click renders the whole page again: with all calls on it, that takes ten times the time.
    await page.addInitScript(showOneTag);
    for (const tag of new Set(calls.map(tagOf))) {
      await page.goto(`${actors.gateway.url}/docs?tag=${encodeURIComponent(tag)}`);
      await page.locator('.opblock').first().waitFor();
      for (const block of await page.locator('.opblock:not(.webhooks *)').all()) {
        const id = (await block.getAttribute('id')) ?? '';
        if (!wanted.has(id)) continue;
        results[id] = await press(block).catch(
          (error: unknown) => `${String(error)}; unanswered: ${[...unanswered].join()}`,
        );
        if (!results[id].startsWith('2')) await block.screenshot({ path: join(screenshots, `${id}.png`) });
        await block.locator('.opblock-summary-control').dispatchEvent('click');
      }
    }
    expect(results).toEqual(Object.fromEntries([...wanted].map((id) => [id, expect.stringMatching(/^2/)])));
  }, 900_000);

  it('makes cancelling the example work again and again', async () => {
    // On the page as a reader has it, and on the short one, which takes a tenth of the time.
    for (const shown of ['', '?tag=Messages']) {
      // The address remembers which call was open.
      await page.goto('about:blank');
      await page.goto(`${actors.gateway.url}/docs${shown}`);
      const cancel = page.locator('#operations-Messages-cancelMessage');
      await cancel.waitFor();
      expect(await press(cancel)).toBe('200');
    }
  }, 120_000);

  it('needs nothing but the gateway, and has no complaints', () => {
    const elsewhere = requested.filter((url) => !url.startsWith(actors.gateway.url) && !url.startsWith('data:'));
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

const tagOf = ({ operation }: Call): string => operation.tags?.[0] ?? '';
const blockOf = (call: Call): string => `operations-${tagOf(call).replaceAll(' ', '_')}-${call.operation.operationId}`;

/**
 * One call for each way in which Swagger UI makes a request of an example: method, kinds of parameters, types of body and
 * answer. (openapi.e2e.spec.ts makes every call with every example, without a browser.)
 */
function ofEveryShape(calls: readonly Call[]): readonly Call[] {
  const shapeOf = ({ method, operation }: Call): string =>
    JSON.stringify([
      method,
      [...new Set(operation.parameters.map((each) => [each.in, each.style, each.schema.type].join()))].sort(),
      Object.keys(operation.requestBody?.content ?? {}),
      Object.entries(operation.responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([, { content = {} }]) => Object.keys(content)),
    ]);
  return [...new Map(calls.map((call) => [shapeOf(call), call])).values()];
}

/** Runs in the page: gives Swagger UI only the calls of the tag in the address, if there is one, and what they name. */
function showOneTag(): void {
  type Groups = Record<string, Record<string, unknown>>;
  interface Spec {
    readonly paths: Record<string, Record<string, { tags?: string[] }>>;
    readonly components: Groups;
  }
  type Bundle = (options: { readonly spec: Spec }) => unknown;
  const { location } = globalThis as unknown as { readonly location: { readonly search: string } };
  const tag = new URLSearchParams(location.search).get('tag');
  let bundle: Bundle | undefined;
  if (tag === null) return;
  Object.defineProperty(globalThis, 'SwaggerUIBundle', {
    set: (real: Bundle) => {
      const shown: Bundle = ({ spec, ...options }) => {
        const all = Object.entries(spec.paths).map(([path, calls]) => {
          const of = Object.entries(calls).filter(([, call]) => call.tags?.includes(tag));
          return [path, Object.fromEntries(of)] as const;
        });
        const some = all.filter(([, calls]) => Object.keys(calls).length > 0);
        const paths = Object.fromEntries(some);
        return real({
          ...options,
          spec: { ...spec, webhooks: {}, paths, components: namedBy(paths, spec.components) } as Spec,
        });
      };
      bundle = Object.assign(shown, real);
    },
    get: () => bundle,
  });

  /** Components that a value names, and those that they name: Swagger UI reads all of a document for each opened call. */
  function namedBy(value: unknown, { securitySchemes = {}, ...groups }: Groups): Groups {
    const named: Groups = { securitySchemes };
    const waiting = [value];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const [, group = '', name = ''] of JSON.stringify(next).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
        if (named[group]?.[name] !== undefined) continue;
        const found = groups[group]?.[name];
        (named[group] ??= {})[name] = found;
        waiting.push(found);
      }
    }
    return named;
  }
}

/**
 * Opens a call, executes it as it is filled in. Each click is an event at once: a mouse would first wait until the page,
 * which moves while it renders, lies still. @returns the status that it was answered with.
 */
async function press(block: Locator): Promise<string> {
  await block.locator('.opblock-summary-control').dispatchEvent('click');
  const execute = block.locator('button.execute');
  await execute.waitFor();
  const file = block.locator('input[type=file]');
  if ((await file.count()) > 0) {
    await file.setInputFiles({ name: 'example.txt', mimeType: 'text/plain', buffer: Buffer.from('An example.') });
  }
  expect(await execute.isEnabled()).toBe(true);
  // The page may be rendering the call just then, and lose the click. The button to clear is there once it was taken.
  for (let tries = 0; tries < 10 && (await block.locator('.btn-clear').count()) === 0; tries += 1) {
    await execute.dispatchEvent('click');
    await block
      .locator('.btn-clear')
      .waitFor({ timeout: 3000 })
      .catch(() => undefined);
  }
  const status = block.locator('.live-responses-table .response-col_status').last();
  await status.waitFor({ timeout: 30_000 });
  return (await status.innerText()).trim();
}
