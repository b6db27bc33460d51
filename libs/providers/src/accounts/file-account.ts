import type { EmailProvider } from '@gateway/core';
import { ConfigError, type HttpClient, type HttpClientOptions } from '@gateway/platform';
import type { ProviderAccount, ProviderDeps } from '../define-provider.js';
import type { AccountFiles, FileValues, Look } from './account-files.js';

/** Reads an account again with other values. */
export type ReadAgain = (values: FileValues) => ProviderAccount | undefined;

/**
 * An account with secrets in files. New values get a new adapter over the same connections; a request that is under way ends
 * with the adapter that began it.
 */
export class FileAccount implements ProviderAccount {
  private known: readonly string[];
  private readonly renewals: (() => void)[] = [];

  constructor(
    private current: ProviderAccount,
    private readonly files: AccountFiles,
    private readonly again: ReadAgain,
  ) {
    this.known = current.secrets;
  }

  get name(): string {
    return this.current.name;
  }

  get kind(): string {
    return this.current.kind;
  }

  get version(): string {
    return this.current.version;
  }

  /** Former ones, too: a request that is under way may still carry them. */
  get secrets(): readonly string[] {
    return this.known;
  }

  get inboundToken(): string | undefined {
    return this.current.inboundToken;
  }

  create(deps: ProviderDeps): EmailProvider {
    const all = { ...deps, http: sharedClients(deps.http) };
    let adapter = this.current.create(all);
    this.renewals.push(() => (adapter = this.current.create(all)));
    return presentOne(() => adapter);
  }

  /**
   * Looks whether the files have changed, and goes over to the new values.
   * @param mask is given the secrets before they are used.
   * @returns what was found; a fault leaves the last good values in use.
   */
  async refresh(mask: (secrets: readonly string[]) => void): Promise<Look> {
    const look = await this.files.look();
    if (look.found !== 'new values') return look;
    try {
      const next = this.again(look.values);
      if (next === undefined) return { found: 'fault', variable: this.name, problem: 'has no credentials any more' };
      this.current = next;
    } catch (error) {
      const [fault] = error instanceof ConfigError ? error.faults : [];
      if (fault === undefined) throw error;
      return { found: 'fault', ...fault };
    }
    this.known = [...new Set([...this.known, ...this.current.secrets])];
    mask(this.known);
    for (const renew of this.renewals) renew();
    return look;
  }
}

/** The caller closes each client that it makes, so a renewed adapter gets those of the one before. */
function sharedClients(make: ProviderDeps['http']): ProviderDeps['http'] {
  const clients = new Map<string, HttpClient>();
  return (options: HttpClientOptions) => {
    const key = JSON.stringify(options);
    const client = clients.get(key) ?? make(options);
    clients.set(key, client);
    return client;
  };
}

/** Members of an adapter that call the provider. */
const PARTS: ReadonlySet<PropertyKey> = new Set<keyof EmailProvider>([
  'templates',
  'attachments',
  'audience',
  'suppressions',
  'statistics',
  'bounceBlock',
  'events',
]);

type Functions = Record<PropertyKey, ((...args: unknown[]) => unknown) | undefined>;

/**
 * Stands for an object that is replaced at times: each call goes to the one that is there at that moment, also when the
 * function, or a part with functions, was taken from it before.
 */
function presentOne<T extends object>(find: () => T): T {
  return new Proxy(find(), {
    get: (_, name) => {
      const value = (find() as Record<PropertyKey, unknown>)[name];
      if (typeof value === 'function') return (...args: unknown[]): unknown => (find() as Functions)[name]?.(...args);
      if (!PARTS.has(name) || value === undefined) return value;
      return presentOne(() => (find() as Record<PropertyKey, object>)[name] ?? {});
    },
  });
}
