import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { compileCache } from '../../libs/testing/src/gateway/compile-cache.js';

export interface Run {
  readonly code: number | null;
  readonly said: string;
}

type Variables = Readonly<Record<string, string>>;

/** Runs a program that ends by itself, as an operator does, but from its bundle (scripts/bundle.mjs). */
export const runProgram = (name: string, env: Variables, ...args: readonly string[]): Promise<Run> =>
  run([resolve('dist/bundles', `${name}.mjs`), ...args], env);

/** Runs a program of `dist/apps` as `npm run` does. */
export const runAsOperator = (path: string, env: Variables, ...args: readonly string[]): Promise<Run> =>
  run([resolve('scripts/start.mjs'), path, ...args], env);

function run(command: readonly string[], env: Variables): Promise<Run> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, command, { env: { PATH, HOME, ...compileCache, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}
