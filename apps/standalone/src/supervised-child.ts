import { spawn, type ChildProcess } from 'node:child_process';
import { CONFIG_EXIT_CODE, NODE_FLAGS, type Env } from '@gateway/platform';
import { BackOff } from './back-off.js';

export interface ChildSpec {
  readonly name: string;
  /** Script to run with this Node. */
  readonly script: string;
  readonly env: Env;
}

export interface ChildEvents {
  readonly say: (line: string) => void;
  /** The child refuses its configuration: no restart can help. */
  readonly onRefused: (name: string) => void;
}

/** One process of the gateway, restarted whenever it dies, until it is stopped. */
export class SupervisedChild {
  private readonly backOff = new BackOff();
  private child: ChildProcess | undefined;
  private restart: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(
    private readonly spec: ChildSpec,
    private readonly events: ChildEvents,
  ) {}

  start(): void {
    if (this.stopping) return;
    const startedAt = performance.now();
    const { script, env } = this.spec;
    // A session of its own: a terminal's Ctrl-C reaches the launcher only, which stops everything in order. The
    // channel tells the child when the launcher is gone. Output is shared, so lines get out even then.
    const child = spawn(process.execPath, [...NODE_FLAGS, script], {
      env: { ...env },
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child = child;
    child.once('error', (error) => {
      this.events.say(`${this.spec.name}: ${error.message}`);
      if (child.pid === undefined) this.onEnd(null, null, 0);
    });
    child.once('exit', (code, signal) => this.onEnd(code, signal, performance.now() - startedAt));
  }

  /** SIGTERM, then SIGKILL when it takes too long. Resolves when the process has ended. */
  async stop(patienceMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const child = this.child;
    if (!child) return;
    await new Promise<void>((resolve) => {
      const killer = setTimeout(() => {
        this.events.say(`${this.spec.name} did not stop within ${Math.round(patienceMs / 1000)} s: killed`);
        child.kill('SIGKILL');
      }, patienceMs);
      child.once('exit', () => {
        clearTimeout(killer);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  private onEnd(code: number | null, signal: NodeJS.Signals | null, livedMs: number): void {
    this.child = undefined;
    if (this.stopping) return;
    if (code === CONFIG_EXIT_CODE) return this.events.onRefused(this.spec.name);
    const delayMs = this.backOff.delayAfter(livedMs);
    this.events.say(
      `${this.spec.name} ended (${signal ?? `exit code ${code ?? 'unknown'}`}), starting it again in ${delayMs / 1000} s`,
    );
    this.restart = setTimeout(() => this.start(), delayMs);
  }
}
