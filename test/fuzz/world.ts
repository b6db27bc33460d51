import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@gateway/platform';
import { bringUpToDate } from '../../apps/standalone/src/bring-up-to-date.js';
import { GatewayClient } from '../../libs/testing/src/gateway/gateway-client.js';
import { SimulatorClient } from '../../libs/testing/src/gateway/simulator-client.js';
import { TestGateway } from '../../libs/testing/src/gateway/test-gateway.js';
import type { OpenApi } from '../support/open-api.js';
import { Document } from './document.js';
import type { Keys } from './plan/conversation.js';

/** A gateway under attack, and those who call it. */
export interface World {
  readonly gateway: TestGateway;
  readonly admin: GatewayClient;
  /** The client whose login codes have to arrive all the while. */
  readonly login: GatewayClient;
  readonly simulator: SimulatorClient;
  readonly document: Document;
  readonly keys: Keys;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** @param databaseUrl an empty database, by a role that may make tables; not given: a PostgreSQL of its own. */
export async function openWorld(databaseUrl: string | undefined): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-fuzz-'));
  const started: { stop(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const thing of started.toReversed()) await thing.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const settings = { fsync: 'off', synchronous_commit: 'off', max_connections: 200 };
    const start = { dataDir: join(folder, 'postgres'), log: () => undefined, settings };
    const postgres = databaseUrl === undefined ? await startEmbeddedPostgres(start) : undefined;
    if (postgres !== undefined) started.push(postgres);
    const owner = databaseUrl ?? postgres?.url ?? '';
    const application = postgres?.applicationUrl ?? owner;
    await bringUpToDate({ owner, application }, { redis: undefined }, () => undefined);
    const gateway = await TestGateway.start({ databaseUrl: owner, applicationUrl: application });
    started.push(gateway);
    return { ...(await meet(gateway)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function meet(gateway: TestGateway): Promise<Omit<World, 'close'>> {
  const { address } = gateway;
  const admin = new GatewayClient(address, address.apiKey);
  const document = new Document(await admin.get<OpenApi>('/openapi.json'));
  return {
    gateway,
    admin,
    login: admin.as(await keyOf(admin, 'login', ['messages:write', 'messages:read'])),
    simulator: new SimulatorClient(address),
    document,
    keys: await makeKeys(admin, address.apiKey, document.scopes),
    port: Number(new URL(address.apiUrl).port),
  };
}

async function makeKeys(admin: GatewayClient, own: string, scopes: readonly string[]): Promise<Keys> {
  const everything = scopes.filter((scope) => scope !== 'admin');
  const others = await Promise.all(['other-a', 'other-b'].map((client) => keyOf(admin, client, everything)));
  const scoped = await Promise.all(everything.map((scope) => keyOf(admin, 'scoped', [scope])));
  return { own, others, scoped };
}

async function keyOf(admin: GatewayClient, client: string, scopes: readonly string[]): Promise<string> {
  const { status, body } = await admin.post<{ key: string }>('/v1/api-keys', { client, name: 'fuzz', scopes });
  if (status !== 201) throw new Error(`no key for ${client}: ${status} ${JSON.stringify(body)}`);
  return body.key;
}

interface LogLine {
  readonly level: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
}

/** Errors that a part of the gateway has logged. */
export function errorsLogged({ gateway }: World, part: 'api' | 'worker'): readonly string[] {
  return readFileSync(join(gateway.address.logs, `${part}.log`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const entry = parsed(line);
      // A line that is not JSON was printed by Node itself: a warning, or a crash.
      if (entry === undefined) return [line];
      return /^(?:error|fatal)$/.test(entry.level)
        ? [`${entry.msg ?? ''}: ${entry.err?.stack ?? entry.err?.message ?? line}`]
        : [];
    });
}

function parsed(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}
