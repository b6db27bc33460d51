import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { ConfigFault } from './config-error.js';
import { withoutEmpty, type Env } from './env.js';

/** Far above any key or URL; a larger file is not what was meant. */
const MOST_BYTES = 64 * 1024;

/** `X_FILE` names a file that holds what `X` would. */
export const FILE_SUFFIX = '_FILE';

/** The content of a file without the line break at its end, or what is wrong with it, without path or content. */
export type FileSecret = { readonly value: string } | { readonly problem: string };

export function readSecretFile(path: string): FileSecret {
  try {
    // Before it is opened: opening a pipe waits for its writer.
    if (!statSync(path).isFile()) return { problem: 'must name a file, not a directory or a device' };
    return secretOf(firstBytes(path, MOST_BYTES + 1));
  } catch (error) {
    return { problem: problemOf((error as NodeJS.ErrnoException).code) };
  }
}

function firstBytes(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(most);
    let length = 0;
    for (let read = -1; read !== 0 && length < most; length += read)
      read = readSync(file, bytes, length, most - length, length);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function secretOf(bytes: Buffer): FileSecret {
  if (bytes.length > MOST_BYTES) return { problem: `names a file of more than ${MOST_BYTES} bytes` };
  const text = textOf(bytes);
  if (text === undefined) return { problem: 'names a file that is not UTF-8' };
  const value = text.replace(/(?:\r?\n)+$/, '');
  return value.trim() === '' ? { problem: 'names a file that is empty' } : { value };
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const problemOf = (code: string | undefined): string =>
  code === 'ENOENT' || code === 'ENOTDIR'
    ? 'names a file that does not exist'
    : `names a file that cannot be read (${code ?? 'unknown error'})`;

export interface WithFiles {
  /** Secrets under their own names; the names of files are not in it. */
  readonly env: Env;
  readonly faults: readonly ConfigFault[];
}

/** Reads the secrets that the environment gives by file. */
export function readSecretFiles(given: Env, secrets: readonly string[]): WithFiles {
  const env: Record<string, string | undefined> = { ...given };
  const faults: ConfigFault[] = [];
  const set = withoutEmpty(given);
  for (const secret of secrets) {
    const variable = secret + FILE_SUFFIX;
    const path = set[variable];
    delete env[variable];
    if (path === undefined) continue;
    const read = set[secret] === undefined ? readSecretFile(path.trim()) : givenTwice(secret);
    if ('problem' in read) faults.push({ variable, problem: read.problem });
    else env[secret] = read.value;
  }
  return { env, faults };
}

const givenTwice = (secret: string): FileSecret => ({ problem: `must not be set beside ${secret}` });
