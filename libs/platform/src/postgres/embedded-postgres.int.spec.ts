import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';

jest.setTimeout(90_000);

const folders: string[] = [];
const newFolder = (parent = tmpdir()): string => {
  const folder = mkdtempSync(join(parent, 'gateway-pg-'));
  folders.push(folder);
  return join(folder, 'data');
};
const log = (): void => undefined;
const start = (dataDir: string): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir, log });

const query = async (url: string, sql: string): Promise<readonly unknown[][]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows as unknown[][];
  } finally {
    await client.end();
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe(startEmbeddedPostgres.name, () => {
  it('keeps data, password and port between starts, and leaves nothing running', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    await query(first.url, "CREATE TABLE kept AS SELECT '한글' AS word");
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start(dataDir);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT word FROM kept')).toEqual([['한글']]);
    await second.stop();
  });

  it('is durable, UTF-8 and on loopback, with the settings it was given', async () => {
    const dataDir = newFolder();
    const server = await startEmbeddedPostgres({ dataDir, log, settings: { max_connections: 37 } });
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'server_encoding', 'listen_addresses'];
    const columns = [...names, 'max_connections'].map((name) => `current_setting('${name}')`).join(',');
    expect(await query(server.url, `SELECT ${columns}`)).toEqual([['on', 'on', 'on', 'UTF8', '127.0.0.1', '37']]);
    expect(await query(server.url, "SELECT upper('é'), current_database()")).toEqual([['É', 'gateway']]);
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
    await server.stop();
  });

  it('refuses a folder that a live gateway uses, in one line', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    await expect(start(dataDir)).rejects.toThrow(/^Another gateway is using .* DATA_DIR and PORT\.$/);
    expect(await query(server.url, 'SELECT 1')).toEqual([[1]]);
    await server.stop();
  });

  it('stops a server whose launcher was killed and starts it again', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    await query(server.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await endOwnerSession(server.adminUrl);
    const next = await start(dataDir);
    expect(isAlive(server.pid)).toBe(false);
    expect(await query(next.url, 'SELECT n FROM kept')).toEqual([[1]]);
    await next.stop();
    await server.stop();
  });

  it('recovers after the server itself was killed', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    await query(server.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
    const next = await start(dataDir);
    expect(await query(next.url, 'SELECT n FROM kept')).toEqual([[1]]);
    await next.stop();
  });

  it('does not take a foreign process for the server of a stale pid file', async () => {
    const dataDir = newFolder();
    await (await start(dataDir)).stop();
    const stranger: ChildProcess = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    writeFileSync(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${stranger.pid}\n${join(dataDir, 'postgres')}\n1\n5432\n\n127.0.0.1\n`,
    );
    const server = await start(dataDir);
    await server.stop();
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
  });

  it('runs below a folder that only its owner may enter', async () => {
    const server = await start(newFolder(homedir()));
    expect(await query(server.url, 'SELECT 1')).toEqual([[1]]);
    await server.stop();
  });

  it('says in one line that the password of existing data is lost', async () => {
    const dataDir = newFolder();
    await (await start(dataDir)).stop();
    rmSync(join(dataDir, 'postgres.json'));
    await expect(start(dataDir)).rejects.toThrow(/postgres\.json is missing/);
  });
});

/** Ends the launcher's session and its mark, as the kernel does when a launcher is killed. */
const endOwnerSession = async (url: string): Promise<void> => {
  await query(
    url,
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'gateway-launcher'",
  );
};
