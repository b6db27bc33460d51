import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { connectAccounts } from '@gateway/providers';
import { readSettings } from '../../apps/api/src/settings.js';

const read = (path: string): string => readFileSync(path, 'utf8');

/** The variables of every process in docker-compose.yml: with a value, or `undefined` where the env file decides. */
const passedOn = (): ReadonlyMap<string, string | undefined> => {
  const [, block = ''] = /^x-environment:.*\n((?: {2}.*\n)+)/m.exec(read('docker-compose.yml')) ?? [];
  const lines = [...block.matchAll(/^ {2}([A-Z0-9_]+):(?: (.+))?$/gm)];
  return new Map(lines.map(([, name = '', value]) => [name, value]));
};

/** As docker-compose puts a process of the sandbox together. */
function environment(envFile: string): Record<string, string> {
  const given = Object.fromEntries(
    [...read(envFile).matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const filled = (value: string): string =>
    value.replaceAll(/\$\{(\w+)(?::[?-][^}]*)?\}/g, (_, name: string) => given[name] ?? '');
  const entries = [...passedOn()].flatMap(([name, value]) => {
    const own = value === undefined ? given[name] : filled(value);
    return own === undefined ? [] : [[name, own] as const];
  });
  return { ...Object.fromEntries(entries), GATEWAY_API_KEY: given['GATEWAY_API_KEY'] ?? '' };
}

/** Variables that are of no use in a container, or that the composition sets for one of its processes. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  // Of the embedded PostgreSQL.
  'DATA_DIR',
  // The containers' own; PORT is the one on this machine.
  'HOST',
  'PORT',
  'WORKER_PORT',
  'WORKER_LANES',
  'GATEWAY_API_KEY',
  // Of the owner's role: for migrations only.
  'DATABASE_MIGRATION_URL',
  // A file, whose path depends on the mount (docker-compose.accounts.yml).
  'REDIS_CA_FILE',
]);

describe('docker-compose.yml', () => {
  it('passes on every variable that is documented', () => {
    const rows = [...read('docs/configuration.md').matchAll(/^\| (`[A-Z][^|]*)\|/gm)].map(([, names = '']) => names);
    const documented = rows.flatMap((names) =>
      [...names.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = '']) => name),
    );
    expect(documented.length).toBeGreaterThan(60);
    const passed = passedOn();
    expect(documented.filter((name) => !passed.has(name) && !LEFT_OUT.has(name))).toEqual([]);
  });

  it('starts with the variables of sandbox.env', () => {
    const { config, accounts, sandbox } = readSettings(environment('sandbox.env'));
    expect(sandbox).toBe(true);
    expect(connectAccounts(accounts, config).providers.map(({ name }) => name)).toEqual(['ncp', 'nhn']);
  });
});
