import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { compileCache } from '../../libs/testing/src/gateway/compile-cache.js';

export interface Visit {
  readonly code: number | null;
  readonly said: string;
}

/** Runs the doctor as an operator does. */
export function visitDoctor(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Visit> {
  const { PATH = '', HOME = '' } = process.env;
  // As `npm run doctor` does it.
  const command = [resolve('scripts/start.mjs'), 'doctor/src/main.js', ...args];
  const child = spawn(process.execPath, command, { env: { PATH, HOME, ...compileCache, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}
