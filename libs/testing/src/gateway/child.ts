import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Everything that it prints goes here. */
  readonly logFile: string;
}

/** `up`, or the answer that it gave instead. */
export type Heard = 'up' | (string & {});

/** A process that a test started; it is ended by its pid only, and ends when the test run ends. */
export class Child {
  private readonly process: ChildProcess;
  private readonly exited: Promise<string>;
  private readonly spec: ChildSpec;

  constructor(spec: ChildSpec) {
    this.spec = spec;
    const log = openSync(spec.logFile, 'a');
    // The channel is how the gateway's processes notice that the test run is gone.
    this.process = spawn(spec.command, [...spec.args], { env: spec.env, stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    this.exited = new Promise((resolve) => {
      this.process.once('exit', (code, signal) => resolve(String(signal ?? code)));
      this.process.once('error', (error) => resolve(error.message));
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** @returns the exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<string> {
    if (this.running) this.process.kill(signal);
    return this.exited;
  }

  /**
   * Asks until it is up. An answer counts only while the process runs. It gives up before a hook's time is over, so that
   * the reason is seen. @throws with the last answer and the last lines of its log.
   */
  async untilUp(ask: () => Promise<Heard>, patienceMs = 90_000): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (let heard = await ask(); heard !== 'up' || !this.running; heard = await ask()) {
      if (!this.running || performance.now() > deadline) {
        const tail = readFileSync(this.spec.logFile, 'utf8').split('\n').slice(-30).join('\n');
        const state = this.running ? `running, ${heard}` : 'ended';
        throw new Error(`${this.spec.name} is not up (${state}):\n${tail}`);
      }
      await sleep(50);
    }
  }
}

/** Does the URL answer 200? */
export async function answers(url: string, authorization?: string): Promise<Heard> {
  try {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    return response.status === 200 ? 'up' : `${url}: ${response.status} ${text.slice(0, 500)}`;
  } catch (error) {
    return `${url}: ${String((error as Error).cause ?? error)}`;
  }
}
