import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { EmailGateway } from '@gateway/client';
import { useSharedGateway } from '@gateway/testing';
import { callsOf, type OpenApi } from '../support/open-api.js';
import { root } from '../support/repository.js';

/** Calls without a method of their own; `request` makes them. */
const LEFT_OUT: readonly string[] = [
  // A file, as a rule for another system.
  'GET /v1/audit/export',
];

describe('the client and the OpenAPI document', () => {
  const actors = useSharedGateway('postgres');
  let document: OpenApi;
  beforeAll(async () => void (document = await actors.gateway.get<OpenApi>('/openapi.json')));

  it('agree on types: "npm run client:types" would change nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-types-'));
    try {
      const file = join(folder, 'openapi.json');
      writeFileSync(file, JSON.stringify(document));
      const check = ['scripts/client.mjs', 'types', '--check', file];
      execFileSync(process.execPath, check, { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('agree on calls: each has a method of its own', async () => {
    const documented = callsOf(document)
      .filter(({ open }) => !open)
      .map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{id}')}`)
      .filter((call) => !LEFT_OUT.includes(call));
    const made = await callsMade();
    expect([...new Set(documented)].filter((call) => !made.has(call))).toEqual([]);
    expect([...made].filter((call) => !documented.includes(call))).toEqual([]);
  });
});

/** Calls every method of every resource. Whatever is no text among its arguments is taken as it is. */
async function callsMade(): Promise<ReadonlySet<string>> {
  const made = new Set<string>();
  const fetch = async (url: string, { method = '' }: RequestInit): Promise<Response> => {
    made.add(`${method} ${new URL(url).pathname.replaceAll('an-id', '{id}')}`);
    return Response.json({ data: [], nextCursor: null, status: 'completed', results: [] });
  };
  const client = new EmailGateway({ url: 'http://localhost', apiKey: 'key', fetch });
  for (const resource of Object.values(client) as object[]) {
    const prototype = Object.getPrototypeOf(resource) as Readonly<Record<string, unknown>>;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = prototype[name];
      if (name === 'constructor' || typeof method !== 'function') continue;
      await Reflect.apply(method, resource, ARGUMENTS[name] ?? ['an-id', ...(TWO_IDS.includes(name) ? ['an-id'] : [])]);
    }
  }
  // The answer is no stream.
  await expect(client.events.follow().next()).rejects.toThrow('instead of an event stream');
  return made;
}

const TWO_IDS = ['delivery', 'retryDelivery'];
/** Of methods whose first argument is no id. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  create: [{}],
  list: [],
  send: [{}],
  sendStream: [{}, []],
  sendBatch: [[]],
  add: [{}],
  sync: [],
  export: [],
  importCsv: [''],
  eventTypes: [],
  put: [{}],
  versions: [],
  dryRun: [{}],
};
