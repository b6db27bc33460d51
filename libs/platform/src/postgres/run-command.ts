import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Command } from './identity.js';

/**
 * Starts a program in a session of its own: the Ctrl-C of a terminal, which goes to the whole foreground group, must
 * not reach the database before its clients have drained.
 */
export const startCommand = (command: Command, log: (line: string) => void): ChildProcess => {
  const { file, args, ...identity } = command;
  const child = spawn(file, args, {
    ...identity,
    cwd: '/',
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
  createInterface(child.stdout).on('line', log);
  createInterface(child.stderr).on('line', log);
  return child;
};

/** Runs a program to its end. Resolves with its exit code and its last lines. */
export const runCommand = (command: Command): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((resolve) => {
    const lines: string[] = [];
    const child = startCommand(command, (line) => lines.push(line));
    const finish = (code: number, last?: string): void =>
      resolve({ code, output: [...lines.slice(-6), ...(last ? [last] : [])].join(' | ') });
    child.once('error', (error) => finish(-1, error.message));
    child.once('close', (code) => finish(code ?? -1));
  });
