import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newUuid } from '@gateway/platform';
import { BatchProducer, dispatchQueueName, openQueueBackend, queueNamesOf, type QueueBackend } from '@gateway/queue';
import { onEachQueue, unique, useSharedGateway, type ProblemView, type SharedActors } from '@gateway/testing';
import { chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const screenshots = join(tmpdir(), 'gateway-queues');

interface QueuesView {
  readonly queues: readonly {
    readonly name: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly readOnlyMode: boolean;
    readonly isPaused: boolean;
  }[];
}

const basic = (key: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`anybody:${key}`).toString('base64')}`,
});

const accounts = ['ncp', 'nhn'];

onEachQueue('the board of the queues', (queue) => {
  const actors = useSharedGateway(queue);
  const look = (): Promise<QueuesView> => actors.gateway.get<QueuesView>('/queues/api/queues');

  it('asks a browser for a key, whatever part of it is wanted and however its path is written', async () => {
    const nobody = actors.gateway.as(undefined);
    const paths = [
      '/queues',
      '/queues/',
      '/queues/api/queues',
      '/queues/static/images/logo.svg',
      '/%71ueues/api/queues',
    ];
    for (const path of paths) {
      const { status, headers, body } = await nobody.call('GET', path);
      expect([path, status, body.code]).toEqual([path, 401, 'unauthorized']);
      expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(headers.get('content-type')).toContain('application/problem+json');
    }
    for (const headers of [basic('gk_wrong_wrong_wrong'), { authorization: 'Basic !' }, basic('')]) {
      expect((await nobody.call('GET', '/queues', { headers })).status).toBe(401);
    }
  });

  it('is not for keys without the scope admin', async () => {
    const scopes = ['messages:read', 'providers'];
    const { body } = await actors.gateway.post<{ key: string }>('/v1/api-keys', { name: unique('reader-'), scopes });
    for (const headers of [basic(body.key), { authorization: `Bearer ${body.key}` }]) {
      const answer = await actors.gateway.as(undefined).call('GET', '/queues', { headers });
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    }
  });

  it('shows the queues of every account, by the key as a password too', async () => {
    const nobody = actors.gateway.as(undefined);
    const headers = basic(actors.address.apiKey);
    const page = await nobody.call<string>('GET', '/queues', { headers });
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('Email gateway')]);
    expect(page.body).not.toMatch(/(href|src)="https?:/);
    const listed = (await nobody.call<QueuesView>('GET', '/queues/api/queues', { headers })).body;
    expect(listed.queues.map(({ name }) => name).sort()).toEqual(accounts.flatMap(queueNamesOf).sort());
    expect(listed.queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
  });

  it('counts what waits, and changes nothing', async () => {
    const name = dispatchQueueName('ncp', 'marketing');
    await withHint(actors, name, async () => {
      const shown = (await look()).queues.find((each) => each.name === name);
      expect(shown?.counts['delayed']).toBe(1);
      for (const change of ['pause', 'promote', 'empty', 'clean/delayed', 'obliterate']) {
        const { status, body } = await actors.gateway.call<ProblemView>('PUT', `/queues/api/queues/${name}/${change}`);
        expect([change, [404, 405].includes(status), body.status]).toEqual([change, true, status]);
      }
      expect((await actors.gateway.call('PUT', '/queues/api/queues/pause')).status).toBe(404);
      const after = (await look()).queues.find((each) => each.name === name);
      expect([after?.counts['delayed'], after?.isPaused]).toEqual([1, false]);
    });
  });

  it('answers for what is not there with a problem', async () => {
    const { status, headers, body } = await actors.gateway.call('GET', '/queues/api/queues/none/1');
    expect([status, body.code, body.instance]).toEqual([404, 'not_found', headers.get('x-request-id')]);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect((await actors.gateway.call('GET', '/queues/static/none.js')).body.code).toBe('not_found');
  });

  (existsSync(CHROMIUM) ? describe : describe.skip)('in a browser', () => {
    it('loads nothing from elsewhere and has no complaints', async () => {
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
      try {
        const httpCredentials = { username: 'operator', password: actors.address.apiKey };
        const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, httpCredentials });
        const requested: string[] = [];
        const complaints: string[] = [];
        page.on('request', (request) => requested.push(request.url()));
        page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
        page.on('pageerror', (error) => complaints.push(error.message));
        await page.goto(`${actors.gateway.url}/queues`);
        await page.getByText('dispatch-nhn-marketing').first().waitFor();
        mkdirSync(screenshots, { recursive: true });
        await page.screenshot({ path: join(screenshots, `${queue}.png`) });
        await page.getByText('dispatch-ncp-marketing').first().click();
        await page.getByText('PostgreSQL records the work').first().waitFor();
        await withHint(actors, 'dispatch-ncp-marketing', async () => {
          await page.goto(`${actors.gateway.url}/queues/queue/dispatch-ncp-marketing?status=delayed`);
          await page.getByText('batchIds').first().waitFor();
          await page.screenshot({ path: join(screenshots, `${queue}-one.png`) });
        });
        expect(requested.filter((url) => !url.startsWith(actors.gateway.url) && !url.startsWith('data:'))).toEqual([]);
        // A browser tries without credentials first.
        expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
      } finally {
        await browser.close();
      }
    });
  });
});

/** With a job in the queue that is not due for long; its batch does not exist. */
async function withHint({ address }: SharedActors, name: string, act: () => Promise<void>): Promise<void> {
  const backend: QueueBackend = await openQueueBackend({
    redisNodes: address.redisUrl === undefined ? [] : [address.redisUrl],
    databaseUrl: address.databaseUrl,
    connections: 2,
    onError: () => undefined,
  });
  const producer = new BatchProducer(backend);
  const queue = backend.queue(name);
  try {
    await producer.enqueue(name, [newUuid()], 600_000);
    await act();
  } finally {
    for (const job of await queue.getJobs(['delayed'], 0, 100)) await job.remove();
    await queue.close();
    await producer.close();
    await backend.close();
  }
}
