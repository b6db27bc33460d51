import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Child } from './child.js';

describe(Child.name, () => {
  let folder: string;

  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'gateway-child-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const start = (program: string): Child =>
    new Child({
      name: 'program',
      command: process.execPath,
      args: ['-e', program],
      env: {},
      logFile: join(folder, 'log'),
    });

  it('is not up when another process answers in its place', async () => {
    const child = start(`console.error('EADDRINUSE'); process.exitCode = 1`);
    await child.end('SIGCONT');
    await expect(child.untilUp(async () => 'up')).rejects.toThrow(/program is not up \(ended\):[^]*EADDRINUSE/);
  });

  it('says what was heard last of a process that runs, but does not work', async () => {
    const child = start('setInterval(() => {}, 1000)');
    await expect(child.untilUp(async () => '503 busy', 10)).rejects.toThrow('program is not up (running, 503 busy)');
    await child.end('SIGKILL');
  });

  it('is up when it answers', async () => {
    const child = start('setInterval(() => {}, 1000)');
    let asked = 0;
    await child.untilUp(async () => ((asked += 1) > 1 ? 'up' : 'not yet'));
    expect([asked, child.running]).toEqual([2, true]);
    expect(await child.end('SIGKILL')).toBe('SIGKILL');
  });
});
