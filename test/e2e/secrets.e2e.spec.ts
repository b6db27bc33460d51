import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, useOwnGateway } from '@gateway/testing';
import { Client } from 'pg';
import { callsOf, examplePath, exampleRequests, type Call, type OpenApi } from '../support/open-api.js';
import { tracesOf } from '../support/traces.js';

const aSecret = (bytes = 24): string => randomBytes(bytes).toString('hex');

/** Secrets that are only in the environment of the processes. */
const ENVIRONMENT = {
  GATEWAY_API_KEY: `gk_${aSecret()}`,
  WEBHOOK_MASTER_KEY: aSecret(32),
  ERASURE_KEY: aSecret(32),
  CONTENT_KEYS: `first:${aSecret(32)}`,
  SIMULATOR_NCP_ACCESS_KEY: aSecret(),
  SIMULATOR_NCP_SECRET_KEY: aSecret(),
  SIMULATOR_NHN_APP_KEY: aSecret(),
  SIMULATOR_NHN_SECRET_KEY: aSecret(),
};

/** Fields of answers that are secret, and shown this once. */
const SECRET_FIELDS = ['key', 'secret'];

describe('secrets, after every call of the document', () => {
  // With the most log lines that there can be.
  const actors = useOwnGateway({ queue: 'postgres', env: { ...ENVIRONMENT, LOG_LEVEL: 'trace' } });
  const secrets = new Map<string, string>();
  let database: Client;

  beforeAll(async () => {
    const { gateway, simulator, address } = actors;
    database = new Client({ connectionString: address.databaseUrl });
    await database.connect();
    for (const [name, value] of Object.entries(ENVIRONMENT)) secrets.set(name, value.replace(/^first:/, ''));
    const calls = callsOf(await gateway.get<OpenApi>('/openapi.json'));
    for (const call of calls) await press(call);
    // Adapters complain of vendors that refuse, nonsense and connections that break.
    for (const kind of ['credentials', 'error_500', 'html', 'half_json', 'drop']) {
      await simulator.trouble({ kind, provider: '*', times: 6 });
      await gateway.send(aMessage().through('ncp'));
      await gateway.send(aMessage().through('nhn'));
      for (const call of calls.filter(({ path }) => path.startsWith('/v1/providers'))) await press(call);
      await simulator.endAllTrouble();
    }
  }, 240_000);
  afterAll(() => database.end());

  /** As it is documented, with a key in an unusual place, and with a body that is cut off. */
  async function press(call: Call): Promise<void> {
    const path = examplePath(call);
    for (const { options } of exampleRequests(call)) {
      const { status, body } = await actors.gateway.call<Record<string, unknown>>(call.method, path, options);
      if (status === 201 || status === 200) note(call, body);
    }
    const { GATEWAY_API_KEY: key } = ENVIRONMENT;
    await actors.gateway.call(call.method, `${path}${path.includes('?') ? '&' : '?'}access_token=${key}`);
    await actors.gateway.as(undefined).call(call.method, path, { headers: { 'x-api-key': key, cookie: `key=${key}` } });
    if (call.method !== 'GET') {
      await actors.gateway.call(call.method, path, { body: `{"key":"${key}","secret":"${key}"` });
    }
  }

  function note({ operation }: Call, body: unknown): void {
    for (const name of SECRET_FIELDS) {
      const value = (body as Readonly<Record<string, unknown>> | null)?.[name];
      if (typeof value === 'string') secrets.set(`${name} of ${operation.operationId}`, value.replace(/^whsec_/, ''));
    }
  }

  it('are some of the environment, and some that were made', () => {
    expect([...secrets.keys()]).toEqual(
      expect.arrayContaining(['key of createApiKey', 'key of rotateApiKey', 'secret of createWebhookEndpoint']),
    );
  });

  it('are in no line of any log', () => {
    const lines = readdirSync(actors.address.logs).flatMap((file) =>
      // The look-alike of the vendors logs nothing that production has.
      file.startsWith('simulator') ? [] : readFileSync(join(actors.address.logs, file), 'utf8').split('\n'),
    );
    expect(lines.length).toBeGreaterThan(500);
    const found = [...secrets].flatMap(([name, value]) =>
      lines.filter((line) => line.includes(value)).map((line) => [name, line]),
    );
    expect(found).toEqual([]);
  });

  it('are in no column of any table', async () => {
    const found: unknown[] = [];
    for (const [name, value] of secrets) found.push(...(await tracesOf(database, value)).map((place) => [name, place]));
    expect(found).toEqual([]);
  });

  it('are in no metric', async () => {
    const metrics = (await actors.gateway.call<string>('GET', '/metrics')).body;
    expect([...secrets].filter(([, value]) => metrics.includes(value))).toEqual([]);
  });
});
