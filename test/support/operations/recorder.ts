import { createHttpClient, systemClock, type HttpRequest } from '@gateway/platform';
import type { EmailProvider } from '@gateway/core';
import { definitions } from '../../../libs/providers/src/registry.js';
import { readConfig } from '../../../apps/simulator/src/config.js';
import { buildServer } from '../../../apps/simulator/src/server.js';
import { sandboxAccounts } from '../../../apps/simulator/src/vendors/sandbox-accounts.js';
import { callOf, simulatedCalls, type Vendor, type VendorCall } from './vendor-routes.js';

/** An adapter at work on the simulator, and which calls each of its methods makes. */
export interface Recorder {
  readonly provider: EmailProvider;
  /** Runs a method of the port, by name, and notes the calls that it makes. */
  during<T>(method: string, work: () => Promise<T>): Promise<T>;
  /** Calls by method; several methods may make one call. */
  readonly made: ReadonlyMap<string, ReadonlySet<VendorCall>>;
  readonly origin: string;
  /** Lets time pass at the simulator. */
  pass(ms: number): void;
  /** Makes the vendor refuse the account's next request. */
  forbid(): void;
  close(): Promise<void>;
}

export async function recorderOf(vendor: Vendor): Promise<Recorder> {
  const { app, simulator } = await buildServer(readConfig({}));
  simulator.change({ nhn: { tags: 'active' } });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const calls = await simulatedCalls(vendor);
  const made = new Map<string, Set<VendorCall>>();
  let current: string | undefined;
  const note = (request: HttpRequest): void => {
    if (current !== undefined) made.get(current)?.add(callOf(request, calls));
  };
  const { provider, stop } = connect(vendor, origin, note);
  return {
    provider,
    made,
    origin,
    during: async (method, work) => {
      current = method;
      if (!made.has(method)) made.set(method, new Set());
      try {
        return await work();
      } finally {
        current = undefined;
      }
    },
    pass: (ms) => void simulator.change({ clockOffsetMs: simulator.settings.clockOffsetMs + ms }),
    forbid: () => void simulator.faults.add({ kind: 'credentials', operation: 'send', status: 403, code: 'Forbidden' }),
    close: async () => {
      await stop();
      await app.close();
    },
  };
}

function connect(vendor: Vendor, origin: string, note: (request: HttpRequest) => void) {
  const account = definitions.find(({ kind }) => kind === vendor)?.readAccount(sandboxAccounts(origin));
  if (account === undefined) throw new Error(`no account of ${vendor}`);
  const clients: { close(): Promise<void> }[] = [];
  const provider = account.create({
    http: (options) => {
      const client = createHttpClient(options);
      clients.push(client);
      return {
        request: (request) => {
          note(request);
          return client.request(request);
        },
        close: () => client.close(),
      };
    },
    clock: systemClock,
    timeoutMs: 5000,
  });
  return { provider, stop: () => Promise.all(clients.map((client) => client.close())) };
}
