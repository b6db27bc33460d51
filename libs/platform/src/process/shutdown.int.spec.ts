import { describe, expect, it } from '@jest/globals';
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onShutdown } from './shutdown.js';

/** Compiles the module alone and runs it in real processes: signals and IPC cannot be faked honestly. */
const withProgram = async (body: string, act: (child: ChildProcess, said: () => string) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-shutdown-'));
  const swc = resolve('node_modules/@swc/cli/bin/swc.js');
  const source = resolve('libs/platform/src/process/shutdown.ts');
  spawnSync(process.execPath, [swc, source, '-o', join(folder, 'shutdown.mjs'), '--quiet'], { stdio: 'inherit' });
  const script = join(folder, 'main.mjs');
  writeFileSync(script, `import { onShutdown } from './shutdown.mjs';\nsetInterval(() => {}, 1000);\n${body}`);
  const child = fork(script, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  try {
    await new Promise((done) => child.stdout?.once('data', done));
    await act(child, () => text);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
};

const ended = (child: ChildProcess): Promise<unknown> => new Promise((done) => child.once('exit', done));
const slow = `onShutdown(async (why) => {
  console.log('begin', why);
  await new Promise((r) => setTimeout(r, 300));
  console.log('end');
});
console.log('ready');`;

describe(onShutdown.name, () => {
  it('runs the handler once, however often it is signalled, and exits with 0', async () => {
    await withProgram(slow, async (child, said) => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 100);
      setTimeout(() => child.kill('SIGTERM'), 150);
      expect(await ended(child)).toBe(0);
      expect(said()).toBe('ready\nbegin SIGINT\nend\n');
    });
  });

  it('begins when the parent is gone', async () => {
    await withProgram(slow, async (child, said) => {
      child.disconnect();
      expect(await ended(child)).toBe(0);
      expect(said()).toContain('begin parent gone');
    });
  });

  it('begins when the parent was gone before it listened', async () => {
    const late = `console.log('early'); setTimeout(() => { ${slow} }, 300);`;
    await withProgram(late, async (child, said) => {
      child.disconnect();
      expect(await ended(child)).toBe(0);
      expect(said()).toContain('begin parent gone');
    });
  });

  it('ends at the deadline with 1 when the handler hangs', async () => {
    const hang = `onShutdown(() => new Promise(() => {}), { deadlineMs: 200 }); console.log('ready');`;
    await withProgram(hang, async (child) => {
      child.kill('SIGTERM');
      expect(await ended(child)).toBe(1);
    });
  });

  it('ends with 1 when the handler fails', async () => {
    const fail = `onShutdown(() => Promise.reject(new Error('x')), { onError: (e) => console.log(e.message) }); console.log('ready');`;
    await withProgram(fail, async (child, said) => {
      child.kill('SIGTERM');
      expect(await ended(child)).toBe(1);
      expect(said()).toContain('x');
    });
  });
});
